import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { knownFailuresToMarkdown } from "../../src/engine/device-failures.ts";
import { findBinding } from "../../src/engine/onnxruntime.ts";

const PAGE = path.resolve(import.meta.dirname, "../../docs/gpu.md");
const MARKED = /<!-- table: failures -->\n[\s\S]*?<!-- end -->/;

describe("docs/gpu.md", () => {
  const page = readFileSync(PAGE, "utf8");
  const { version } = findBinding();

  it("has the table of known failures between its marks (vitest -u writes it)", async () => {
    expect(page).toMatch(MARKED);
    const table = knownFailuresToMarkdown(version);
    const filled = page.replace(MARKED, () => `<!-- table: failures -->\n\n${table}\n<!-- end -->`);
    await expect(filled).toMatchFileSnapshot(PAGE);
  });

  it("says to install the version that gan-eval takes", () => {
    const named = [...page.matchAll(/onnxruntime-node@(\d+\.\d+\.\d+)/g)].map(([, found]) => found);
    expect(new Set(named)).toEqual(new Set([version]));
  });
});
