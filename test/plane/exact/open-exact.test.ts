import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { pointsToShares } from "../../../src/plane/cells.ts";
import { sharesToJensenShannon, withOutside } from "../../../src/plane/exact/divergences.ts";
import { openExact } from "../../../src/plane/exact/open-exact.ts";
import { dataToBounds, openPlane } from "../../../src/plane/open-plane.ts";
import type { OpenedData } from "../../../src/train/data/opened-data.ts";
import { toyToOpenedData } from "../../../src/train/data/toy.ts";
import type { GanModel } from "../../../src/train/gan-model.ts";
import { openGanTrainer } from "../../../src/train/gan-trainer.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { TOY_DATA, type ToyData, type ToyName } from "../../../src/train/toy-data.ts";
import { toyToTrainingData } from "../../../src/train/training-data.ts";
import { smallModel } from "../plane-models.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const TOYS = Object.keys(TOY_DATA) as ToyName[];
const SIDE = 60;
const SAMPLES = 16_384;

const openToy = (name: ToyName) => {
  const data = toyToOpenedData(name);
  const bounds = dataToBounds(data);
  return { bounds, exact: openExact(data, bounds, SIDE)! };
};

const toyToShares = (name: ToyName, seed: number, n = SAMPLES) => {
  const samples = TOY_DATA[name].sample(n, openRandomStream(seed, "data"));
  return pointsToShares(samples, openToy(name).bounds, SIDE);
};

describe("a perfect sampler", () => {
  it.each(TOYS)("of %s reads at most the floors in at least 18 of 20 seeds", (name) => {
    const { exact } = openToy(name);
    const readings = Array.from({ length: 20 }, (_, seed) => exact.divergences(toyToShares(name, seed + 1)));
    for (const which of ["js", "kl"] as const) {
      const values = readings.map((reading) => reading[which]);
      expect(values.filter(({ value, floor }) => value <= floor).length).toBeGreaterThanOrEqual(18);
      expect(Math.min(...values.map(({ value }) => value))).toBeGreaterThanOrEqual(0);
      // A floor that everything is under would tell nothing.
      expect(values[0].floor).toBeLessThan(0.15);
    }
  });
});

describe("divergences", () => {
  it("of one of three equal blobs are ln 3 and 0.318", () => {
    const { exact, bounds } = openToy("disjoint");
    const { kernels } = TOY_DATA.disjoint;
    const one: ToyData = {
      ...TOY_DATA.disjoint,
      kernels: () => ({ ...kernels(), centres: kernels().centres.slice(0, 2) }),
    };
    const { masses } = openExact({ ...toyToOpenedData("disjoint"), kernels: one.kernels }, bounds, SIDE)!;
    const { js, kl } = exact.divergences(masses);
    expect(Math.abs(js.value - 0.318)).toBeLessThan(0.01);
    expect(Math.abs(kl.value - Math.log(3))).toBeLessThan(0.02);
  });

  it("are 0 for the data themselves and ln 2 where nothing is shared, outside of the plane too", () => {
    const { exact } = openToy("ring");
    expect(exact.divergences(exact.masses).js.value).toBeLessThan(1e-12);
    expect(exact.divergences(exact.masses).kl.value).toBeLessThan(1e-9);
    expect(exact.divergences(new Float32Array(SIDE ** 2)).js.value).toBeCloseTo(Math.LN2, 5);
    const corner = new Float32Array(SIDE ** 2);
    corner[0] = 1;
    expect(exact.divergences(corner).js.value).toBeLessThanOrEqual(Math.LN2);
    expect(exact.divergences(corner).js.value).toBeCloseTo(Math.LN2, 5);
    expect(Number.isFinite(exact.divergences(corner).kl.value)).toBe(true);
  });

  it("count what is outside on both sides as one cell", () => {
    const p = withOutside([0.5, 0.25]);
    expect([...p]).toEqual([0.5, 0.25, 0.25]);
    expect(sharesToJensenShannon(p, withOutside([0.5, 0.25]))).toBe(0);
  });
});

/** One blob, whose exact sampler is a linear generator of normal latents. */
const BLOB: ToyData = {
  label: "a blob",
  d: 2,
  kernels: () => ({ centres: Float64Array.of(0.2, -0.1), d: 2, deviation: 0.5 }),
  sample: (n, random) =>
    random.normal(new Float32Array(2 * n)).map((z, i) => (i % 2 === 0 ? 0.2 : -0.1) + 0.5 * z),
  source: "this test",
};
const blob: OpenedData = {
  ...toyToOpenedData("two-gaussians"),
  mixture: BLOB.kernels(),
  kernels: BLOB.kernels,
  training: (seed) => toyToTrainingData(BLOB, seed),
  heldOut: (n) => ({ samples: BLOB.sample(n, openRandomStream(0, "evaluation")) }),
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe("with an exact sampler for a generator", () => {
  it("D* is 1/2 wherever there are data, and a discriminator that trains alone comes to it", async () => {
    const model: GanModel = {
      ...smallModel("non-saturating"),
      generator: { network: layersToNetwork([2], [{ kind: "dense", units: 2 }]), optimizer: "sgd" },
      batchSize: 128,
    };
    const trainer = await openGanTrainer(engine, model, blob.training(1), {
      seed: 1,
      rates: { generator: 0, discriminator: 1e-3 },
      rounds: 2000,
    });
    const { generator, discriminator } = trainer;
    generator["weights/dense1/weights"].data.set([0.5, 0, 0, 0.5]);
    generator["weights/dense1/biases"].data.set([0.2, -0.1]);
    const plane = await openPlane({
      engine,
      model,
      data: blob,
      arrays: { generator, discriminator },
      seed: 1,
    });
    const exact = openExact(blob, plane.bounds, SIDE)!;
    const shares = await plane.density();
    const peak = Math.max(...exact.masses);
    const within = Array.from(exact.masses.keys()).filter((cell) => exact.masses[cell] > 0.01 * peak);
    expect(within.length).toBeGreaterThan(500);
    const optimum = exact.optimum(model, shares)!;
    const off = within.map((cell) => Math.abs(sigmoid(optimum[cell]) - 0.5));
    expect(Math.max(...off)).toBeLessThan(0.02);
    const { js } = exact.divergences(shares);
    expect(js.value).toBeLessThan(js.floor);
    expect(exact.optimalLoss(model, shares)).toBeCloseTo(2 * Math.LN2 - 2 * js.value, 6);
    for (let i = 0; i < 2000; i++) await trainer.playRound();
    expect([...generator["weights/dense1/biases"].data]).toEqual([Math.fround(0.2), Math.fround(-0.1)]);
    const { heat } = await plane.look();
    const away = within.map((cell) => Math.abs(sigmoid(heat[cell]) - sigmoid(optimum[cell])));
    expect(away.reduce((sum, value) => sum + value, 0) / away.length).toBeLessThan(0.05);
    await plane.dispose();
    await trainer.dispose();
  });
});
