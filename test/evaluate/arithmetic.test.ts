/** Results and files say in what numbers and where features were computed; side by side, unlike ones are warned of. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resultsToComparison } from "../../src/compare/results-to-comparison.ts";
import {
  arithmeticsToStated,
  arithmeticsToWarnings,
  extractorToStated,
  joinArithmetics,
  originToArithmetic,
} from "../../src/evaluate/arithmetic.ts";
import { defineExtractor } from "../../src/evaluate/own-extractor.ts";
import {
  readStatistics,
  UNKNOWN_ORIGIN,
  writeStatistics,
} from "../../src/evaluate/statistics/statistics-file.ts";
import { evaluation } from "../cli/evaluation.ts";

const ORIGIN = { extractor: "inception", extractorHash: "a", featureEnd: "2048", resize: "tf1" };
const own = defineExtractor({ id: "own", version: "1", width: 2, extract: () => new Float32Array(2) });
const onDevice = (device: string) => ({ ...own, computedBy: { ...own.computedBy, device } });

describe("arithmetic", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "gan-eval-arithmetic-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is not written of float32 on the CPU, so that statistics keep their bytes", () => {
    expect(extractorToStated(own)).toEqual({});
    expect(extractorToStated(onDevice("webgpu"))).toEqual({ arithmetic: "float32 on webgpu" });
  });

  it("comes back from a statistics file; a file without it is of the CPU, one of unknown origin of nothing known", async () => {
    const file = path.join(folder, "a.npz");
    const statistics = { mu: Float64Array.of(1), sigma: Float64Array.of(2), n: 3, ddof: 1 };
    await writeStatistics(file, { ...statistics, origin: { ...ORIGIN, arithmetic: "tf32 on cuda" } });
    expect(originToArithmetic((await readStatistics(file)).origin)).toBe("tf32 on cuda");
    await writeStatistics(file, { ...statistics, origin: ORIGIN });
    expect(originToArithmetic((await readStatistics(file)).origin)).toBe("float32 on cpu");
    expect(originToArithmetic(UNKNOWN_ORIGIN)).toBeUndefined();
  });

  it("warns of several, and of one nothing", () => {
    expect(arithmeticsToWarnings("the sides", ["float32 on cpu", undefined, "float32 on cpu"])).toEqual([]);
    const [warning] = arithmeticsToWarnings("the sides", ["float32 on cpu", "tf32 on cuda"]);
    expect(warning).toMatchObject({
      code: "mixed-arithmetic",
      message: "the sides were computed in unlike ways: float32 on cpu and tf32 on cuda",
    });
    expect(arithmeticsToStated(["tf32 on cuda", undefined])).toEqual({ arithmetic: "tf32 on cuda" });
    expect(arithmeticsToStated([undefined])).toEqual({});
  });

  it("of merged parts is that of all", () => {
    expect(joinArithmetics([ORIGIN, ORIGIN])).toEqual({});
    const joined = joinArithmetics([ORIGIN, { ...ORIGIN, arithmetic: "tf32 on cuda" }]);
    expect(joined).toEqual({ arithmetic: "float32 on cpu, tf32 on cuda" });
  });

  it("of compared results is warned of, not refused; what earlier versions left out is no difference", () => {
    const result = evaluation();
    const located = (name: string, fields: object) => ({
      location: name,
      result: { ...result, protocol: { ...result.protocol, ...fields } },
    });
    const compare = (a: object, b: object) =>
      resultsToComparison([located("a.json", a), located("b.json", b)]).warnings.map(({ code }) => code);
    expect(compare({ arithmetic: "float32 on cpu" }, { arithmetic: "tf32 on cuda" })).toContain(
      "mixed-arithmetic",
    );
    expect(compare({}, { arithmetic: "float32 on cpu", crop: "none" })).not.toContain("mixed-arithmetic");
  });
});
