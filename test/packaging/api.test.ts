import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Declarations,
  declarationsToHidden,
  declarationsToReport,
  declarationsToUnsaidDefaults,
  ENTRIES,
} from "./api-report.ts";

const root = path.resolve(import.meta.dirname, "../..");

describe("the library's interface", () => {
  let declarations: Declarations;
  beforeAll(() => {
    declarations = new Declarations();
  });
  afterAll(() => declarations?.dispose());

  it("is what docs/api.md says", async () => {
    await expect(declarationsToReport(declarations)).toMatchFileSnapshot(path.join(root, "docs/api.md"));
  });

  it("exports every type that an exported declaration names", () => {
    expect(declarationsToHidden(declarations)).toEqual([]);
  });

  it("says the default of every field that a caller may leave out", () => {
    expect(declarationsToUnsaidDefaults(declarations)).toEqual([]);
  });

  it("has an entry in package.json for each of its parts", async () => {
    const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
    const exported = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
    expect(exported.map((name) => name.replace(/^\./, "gan-eval"))).toEqual(Object.keys(ENTRIES));
  });
});
