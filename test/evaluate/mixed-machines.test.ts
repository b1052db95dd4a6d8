import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instructionSet } from "../../src/engine/instruction-set.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { makeStatistics } from "../../src/evaluate/statistics/make-statistics.ts";
import { mergeStatistics } from "../../src/evaluate/statistics/merge-statistics.ts";
import { readStatistics, writeStatistics } from "../../src/evaluate/statistics/statistics-file.ts";

let folder: string;
const at = (name: string) => path.join(folder, name);
const digits = path.resolve(import.meta.dirname, "../../fixtures/digits/real");

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-isa-"));
  await makeStatistics({ images: digits, extractor: "digits", limit: 40, cache: false, out: at("here.npz") });
  const here = await readStatistics(at("here.npz"));
  for (const isa of ["vliw", undefined])
    await writeStatistics(at(`${isa}.npz`), { ...here, origin: { ...here.origin, isa } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const codesOf = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code);
const measure = (real: string) =>
  evaluate({ real, fake: digits, limit: 40, metrics: ["fid"], extractor: "digits", cache: false });

describe("the processor's instruction set", () => {
  it("is kept in statistics files and in the provenance of results", async () => {
    expect((await readStatistics(at("here.npz"))).origin.isa).toBe(instructionSet());
    expect((await measure(at("here.npz"))).provenance.isa).toBe(instructionSet());
  });

  it("is not said of features that no network computes", async () => {
    await makeStatistics({ images: digits, extractor: "pixels", limit: 40, cache: false, out: at("p.npz") });
    expect((await readStatistics(at("p.npz"))).origin.isa).toBeUndefined();
  });

  it("of sides that differ in it is warned of, and of no others", async () => {
    const { warnings } = await measure(at("vliw.npz"));
    expect(warnings.find(({ code }) => code === "mixed-machines")).toMatchObject({
      message: expect.stringMatching(/^the sides .+ of 2 instruction sets: .*1 on vliw/),
      hint: expect.stringContaining("last digits"),
    });
    for (const real of ["here.npz", "undefined.npz"])
      expect(codesOf((await measure(at(real))).warnings)).not.toContain("mixed-machines");
  });

  it("of merged parts is that of all, with a warning where they differ", async () => {
    const merge = (names: readonly string[]) =>
      mergeStatistics({ files: names.map((name) => at(`${name}.npz`)), out: at("all.npz"), ddof: 1 });
    const mixed = await merge(["here", "vliw"]);
    expect(codesOf(mixed.warnings)).toContain("mixed-machines");
    const { origin } = await readStatistics(at("all.npz"));
    expect(origin.isa!.split(", ").sort()).toEqual([instructionSet(), "vliw"].sort());
    expect(codesOf((await merge(["here", "undefined"])).warnings)).not.toContain("mixed-machines");
    expect((await readStatistics(at("all.npz"))).origin.isa).toBeUndefined();
  });
});
