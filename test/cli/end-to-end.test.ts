import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvaluationResult } from "../../src/evaluate/result.ts";
import { buildProgram, packagesLoaded, spawnProgram } from "./built-program.ts";
import { emptyFolder } from "./command-line.ts";

/** The program as it is built, on the committed digits, with the real library. */
let folder: string;
beforeAll(() => {
  folder = buildProgram();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const digits = (name: string): string => path.join(folder, "fixtures/digits", name);

async function resultOf(argv: readonly string[]): Promise<EvaluationResult> {
  const { code, stdout, stderr } = await spawnProgram(folder, [...argv, "--json", "--quiet"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as EvaluationResult;
}

describe("the demo", () => {
  it("ranks its sets as they were made: close, noisy, collapsed; only two kinds of digit in the last", async () => {
    const { code, stdout } = await spawnProgram(folder, ["demo", "--json"]);
    expect(code).toBe(0);
    const { sets } = JSON.parse(stdout) as { sets: { name: string; distance?: number; score: number }[] };
    const [real, close, noisy, collapsed] = sets;
    expect(close!.distance! * 10).toBeLessThan(noisy!.distance!);
    expect(noisy!.distance!).toBeLessThan(collapsed!.distance!);
    expect(Math.abs(close!.score - real!.score)).toBeLessThan(0.5);
    expect(noisy!.score).toBeLessThan(real!.score - 1);
    expect(collapsed!.score).toBeGreaterThan(1.5);
    expect(collapsed!.score).toBeLessThan(2.5);
  });
});

describe("statistics", () => {
  it("stand for their pictures, and comparing them loads neither tensorflow.js nor ONNX Runtime nor sharp", async () => {
    const work = emptyFolder();
    const files = { real: path.join(work, "real.npz"), fake: path.join(work, "fake.npz") };
    const limits = ["--extractor", "digits", "--limit", "500"];
    for (const [side, name] of [
      ["real", "real"],
      ["fake", "fake-noisy"],
    ] as const) {
      const made = await spawnProgram(folder, [
        "stats",
        "--images",
        digits(name),
        ...limits,
        "--out",
        files[side],
      ]);
      expect(made.code, made.stderr).toBe(0);
    }
    expect(readdirSync(work).sort()).toEqual(["fake.npz", "real.npz"]);

    const pictures = await resultOf([
      "fid",
      "--real",
      digits("real"),
      "--fake",
      digits("fake-noisy"),
      ...limits,
    ]);
    const statistics = await resultOf(["fid", "--real", files.real, "--fake", files.fake]);
    // The same float64 moments on two ways through the same formula: 1e-9 of the distance is a wide margin for rounding.
    const expected = pictures.metrics.frechet_digits_distance!;
    expect(Math.abs(statistics.metrics.frechet_digits_distance! - expected)).toBeLessThan(1e-9 * expected);
    expect(statistics.inputs.real).toMatchObject({ kind: "statistics", count: 500 });
    expect(statistics.provenance.engine).toBeNull();

    const packages = await packagesLoaded(folder, ["fid", "--real", files.real, "--fake", files.fake]);
    for (const heavy of [
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-core",
      "onnxruntime-node",
      "onnxruntime-common",
      "sharp",
    ]) {
      expect(packages).not.toContain(heavy);
    }
  });
});

describe("what cannot run", () => {
  it("a missing folder, too few pictures and absent weights exit 3 with a hint", async () => {
    const cache = emptyFolder();
    for (const argv of [
      ["fid", "--real", digits("nosuch"), "--fake", digits("real"), "--extractor", "digits"],
      ["fid", "--real", digits("real"), "--fake", digits("real"), "--extractor", "digits", "--limit", "1"],
      ["fid", "--real", digits("real"), "--fake", digits("fake-close"), "--cache-dir", cache],
    ]) {
      const { code, stdout, stderr } = await spawnProgram(folder, argv);
      expect({ argv, code, stdout }).toEqual({ argv, code: 3, stdout: "" });
      expect(stderr).toMatch(/error: .*/);
      expect(stderr).toMatch(/hint: /);
      expect(stderr).not.toMatch(/internal/);
    }
  });
});
