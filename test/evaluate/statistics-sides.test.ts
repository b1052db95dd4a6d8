import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import { makeStatistics } from "../../src/evaluate/statistics/make-statistics.ts";
import {
  readStatistics,
  UNKNOWN_ORIGIN,
  writeStatistics,
} from "../../src/evaluate/statistics/statistics-file.ts";
import type { NpyArray } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import type { Features } from "../../src/math/features/statistics.ts";
import { mat } from "../math/seeded-features.ts";
import { hasShared, shared } from "../shared.ts";

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-sides-"));
  await writeFeatures("real.npz", mat(1, 200, 16));
  await writeFeatures("fake.npz", mat(2, 160, 16, 0.8, 0.15));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeFeatures(name: string, { data, rows, width }: Features): Promise<void> {
  const features: NpyArray = { dtype: "<f4", shape: [rows, width], data };
  await writeNpz(at(name), new Map([["features", features]]));
}

const OPTIONS: Omit<EvaluateOptions, "fake"> = {
  metrics: ["fid"],
  extractor: "inception",
  resize: "tf1",
  cache: false,
  batchSize: 32,
  onError: "fail",
  engine: "auto",
  device: "auto",
  splits: 10,
  shuffle: true,
  seed: 2020,
  ddof: 1,
  clock: () => 0,
};

/** ../shared/golden/weight-free.json: fid_ddof1 and fid_ddof0 of these features. */
const GOLDEN = { 1: 0.7328594153162973, 0: 0.7319702677312314 };

const distance = async (real: string, fake: string, more: Partial<EvaluateOptions> = {}) =>
  (await evaluate({ ...OPTIONS, real: at(real), fake: at(fake), ...more })).metrics
    .frechet_inception_distance;

describe("features and statistics as sides of a comparison", () => {
  it("give the golden distance from features, with either ddof", async () => {
    expect(await distance("real.npz", "fake.npz")).toBeCloseTo(GOLDEN[1], 12);
    expect(await distance("real.npz", "fake.npz", { ddof: 0 })).toBeCloseTo(GOLDEN[0], 12);
  });

  it("give the same from statistics on one side or both", async () => {
    for (const side of ["real", "fake"])
      await makeStatistics({ ...OPTIONS, images: at(`${side}.npz`), out: at(`${side}-statistics.npz`) });
    expect(await distance("real-statistics.npz", "fake.npz")).toBeCloseTo(GOLDEN[1], 10);
    expect(await distance("real-statistics.npz", "fake-statistics.npz")).toBeCloseTo(GOLDEN[1], 10);
  });

  it("write mu and sigma as pytorch-fid does, and remember count, ddof and origin", async () => {
    const origin = { extractor: "x", extractorHash: "00ff", featureEnd: "2048", resize: "tf1" };
    const statistics = {
      mu: Float64Array.of(1, 2),
      sigma: Float64Array.of(2, 0.5, 0.5, 1),
      n: 7,
      ddof: 1,
      origin,
    };
    await writeStatistics(at("s.npz"), statistics);
    expect(await readStatistics(at("s.npz"))).toEqual(statistics);
    const bytes = await readFile(at("s.npz"));
    await writeStatistics(at("s.npz"), statistics);
    expect(await readFile(at("s.npz"))).toEqual(bytes);
  });

  it("say what they do not know, and how few samples are", async () => {
    const { warnings, inputs, protocol } = await evaluate({
      ...OPTIONS,
      real: at("real.npz"),
      fake: at("fake.npz"),
    });
    expect(warnings.map(({ code }) => code)).toEqual(["unknown-origin", "few-samples", "unequal-samples"]);
    expect(warnings[0].message).toContain(
      `${at("real.npz")} and ${at("fake.npz")} do not record their network and resize mode`,
    );
    expect(inputs.real).toMatchObject({ kind: "features", count: 200 });
    expect(protocol).toMatchObject({ dims: 16, extractor: "inception (assumed)", resize: "unknown" });
  });
});

it("features that do not vary are warned of, on the side that has them", async () => {
  const statistics = { mu: new Float64Array(2), n: 100, ddof: 1, origin: UNKNOWN_ORIGIN };
  await writeStatistics(at("varied.npz"), { ...statistics, sigma: Float64Array.of(0, 0, 0, 1) });
  await writeStatistics(at("constant.npz"), { ...statistics, sigma: new Float64Array(4) });
  const { warnings } = await evaluate({ ...OPTIONS, real: at("varied.npz"), fake: at("constant.npz") });
  expect(warnings.filter(({ code }) => code === "constant-features")).toMatchObject([
    { message: "fake: every image has the same features" },
  ]);
});

describe("sides that do not go together are refused", () => {
  const write = (name: string, origin: object, d = 2) =>
    writeStatistics(at(name), {
      mu: new Float64Array(d),
      sigma: Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0)),
      n: 100,
      ddof: 1,
      origin: { ...UNKNOWN_ORIGIN, ...origin },
    });

  it("another extractor or resize mode", async () => {
    await write("a.npz", { extractor: "digits" });
    await write("b.npz", { extractor: "inception-v3-2015-12-05", resize: "clean" });
    await write("c.npz", { extractor: "inception-v3-2015-12-05", resize: "tf1" });
    await expect(distance("a.npz", "b.npz")).rejects.toMatchObject({ code: "input.unlike-features" });
    await expect(distance("b.npz", "c.npz")).rejects.toThrow(/resize mode/);
  });

  it("another width", async () => {
    await write("two.npz", {});
    await write("three.npz", {}, 3);
    await expect(distance("two.npz", "three.npz")).rejects.toMatchObject({ code: "input.feature-width" });
  });

  it("statistics where images are needed, and a missing side", async () => {
    await write("two.npz", {});
    await expect(evaluate({ ...OPTIONS, metrics: ["is"], fake: at("two.npz") })).rejects.toMatchObject({
      code: "input.no-pictures",
    });
    await expect(evaluate({ ...OPTIONS, fake: at("two.npz") })).rejects.toMatchObject({
      code: "usage.missing-real",
    });
    await expect(evaluate({ ...OPTIONS, metrics: [], fake: at("two.npz") })).rejects.toMatchObject({
      code: "usage.no-metrics",
    });
  });

  it("features that hold NaN, naming the row", async () => {
    const features = mat(3, 10, 4);
    features.data[4 * 6 + 1] = Number.NaN;
    await writeFeatures("nan.npz", features);
    await expect(distance("nan.npz", "nan.npz")).rejects.toThrow(/row 6/);
  });
});

describe.skipIf(!hasShared("data/flowers/features.npz"))("the flower features", () => {
  it("are read as features", async () => {
    const result = await evaluate({
      ...OPTIONS,
      real: shared("data/flowers/features.npz"),
      fake: shared("data/flowers/features.npz"),
    });
    expect(result.metrics.frechet_inception_distance).toBeLessThan(1e-6);
    expect(result.inputs.fake).toMatchObject({ kind: "features", count: 3670 });
  });
});
