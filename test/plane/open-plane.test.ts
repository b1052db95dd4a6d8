import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { pointsToShares } from "../../src/plane/cells.ts";
import { sharesToJensenShannon, withOutside } from "../../src/plane/exact/divergences.ts";
import { openPlane, type PlaneRequest } from "../../src/plane/open-plane.ts";
import { toyToOpenedData } from "../../src/train/data/toy.ts";
import type { GanModel } from "../../src/train/gan-model.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { LOSSES, type LossName } from "../../src/train/losses.ts";
import type { ToyName } from "../../src/train/toy-data.ts";
import { mean, REFERENCES } from "../train/loss-references.ts";
import { networkToFunction, smallModel } from "./plane-models.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const RATES = { generator: 1e-3, discriminator: 2e-3 };

async function open(model: GanModel, change: Partial<PlaneRequest> = {}, toy: ToyName = "two-gaussians") {
  const data = toyToOpenedData(toy);
  const options = { seed: 1, rates: RATES, rounds: 1000 };
  const trainer = await openGanTrainer(engine, model, data.training(1), options);
  const arrays = { generator: trainer.generator, discriminator: trainer.discriminator };
  const plane = await openPlane({ engine, model, data, arrays, seed: 1, samples: 24, ...change });
  return { trainer, plane };
}

const square = (x: number) => x * x;

const rowsOf = (points: Float32Array, width: number): number[][] =>
  Array.from({ length: points.length / width }, (_, i) => [...points.subarray(i * width, (i + 1) * width)]);

/** Minus central differences of n times the loss by each number of the samples. */
function differences(
  samples: readonly number[],
  loss: (samples: readonly number[]) => number,
  n: number,
): number[] {
  const h = 1e-5;
  return samples.map((value, i) => {
    const at = (x: number) => loss(samples.with(i, x));
    return (-n * (at(value + h) - at(value - h))) / (2 * h);
  });
}

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

describe("the pushes of a plane", () => {
  const isEnergy = (loss: LossName) => loss === "energy" || loss === "boundary-equilibrium";
  for (const loss of Object.keys(LOSSES) as LossName[])
    for (const packing of [1, 2])
      it(`are minus the gradient of each sample's term of the loss ${loss}${packing > 1 ? ", in packs" : ""}`, async () => {
        const model = smallModel(loss, { packing });
        const { trainer, plane } = await open(model);
        for (let i = 0; i < 30; i++) await trainer.playRound();
        const { samples, pushes, fakeLogits } = await plane.look();
        const judge = networkToFunction(trainer.discriminator);
        const toLogit = (pack: number[]): number => {
          const output = judge(pack);
          return isEnergy(loss) ? -mean(output.map((value, i) => square(value - pack[i]))) : output[0];
        };
        const toLogits = (points: readonly number[]): number[] =>
          Array.from({ length: points.length / (2 * packing) }, (_, i) =>
            toLogit(points.slice(i * 2 * packing, (i + 1) * 2 * packing)),
          );
        const real = toLogits([...plane.real]);
        const own = toLogits([...samples]);
        expect(norm(own.map((logit, i) => logit - fakeLogits[i * packing]))).toBeLessThan(1e-4 * norm(own));
        const loss64 = (points: readonly number[]) => REFERENCES[loss](real, toLogits(points))[1];
        const expected = differences([...samples], loss64, own.length);
        expect(norm(expected)).toBeGreaterThan(0);
        expect(norm(expected.map((value, i) => value - pushes[i]))).toBeLessThan(1e-3 * norm(expected));
        await plane.dispose();
        await trainer.dispose();
      });

  it("of minimax vanish where the discriminator is sure, and those of non-saturating do not", async () => {
    const { trainer, plane } = await open(smallModel("minimax"), { samples: 200 });
    const { discriminator, generator } = trainer;
    // A sure discriminator: all logits far below 0.
    discriminator["weights/dense3/biases"].data[0] = -8;
    const other = await openPlane({
      engine,
      model: smallModel("non-saturating"),
      data: toyToOpenedData("two-gaussians"),
      arrays: { generator, discriminator },
      seed: 1,
    });
    const [minimax, saturating] = [await plane.look(), await other.look()];
    expect(minimax.samples).toEqual(saturating.samples);
    expect(Math.max(...minimax.fakeLogits)).toBeLessThan(Math.log(0.01 / 0.99));
    const lengths = ({ pushes }: { pushes: Float32Array }) =>
      rowsOf(pushes, 2)
        .map(norm)
        .sort((a, b) => a - b);
    expect(lengths(minimax)[100]).toBeLessThan(0.02 * lengths(saturating)[100]);
    expect(lengths(saturating)[100]).toBeGreaterThan(0);
    for (const opened of [plane, other, trainer]) await opened.dispose();
  });
});

describe("a plane", () => {
  it("shows the networks as they are after more rounds, without being opened anew", async () => {
    const { trainer, plane } = await open(smallModel("non-saturating"));
    const before = await plane.look();
    for (let i = 0; i < 5; i++) await trainer.playRound();
    const after = await plane.look();
    expect(after.samples).not.toEqual(before.samples);
    expect(after.heat).not.toEqual(before.heat);
    const judge = networkToFunction(trainer.discriminator);
    const { bounds } = plane;
    const middle = (cell: number) =>
      [cell % 60, Math.floor(cell / 60)].map(
        (at, axis) => bounds.low[axis] + ((at + 0.5) / 60) * (bounds.high[axis] - bounds.low[axis]),
      );
    for (const cell of [0, 59, 1234, 3599]) expect(after.heat[cell]).toBeCloseTo(judge(middle(cell))[0], 4);
    await plane.dispose();
    await trainer.dispose();
  });

  it("counts where all latents go, and what leaves the plane", async () => {
    const cases = [
      { distribution: "normal" },
      { distribution: "uniform" },
      { distribution: "normal", d: 1 },
      { distribution: "uniform", latent: 1 },
      { distribution: "normal", latent: 3 },
    ] as const;
    for (const of of cases) {
      const d = "d" in of ? of.d : 2;
      const { trainer, plane } = await open(
        smallModel("minimax", of),
        {},
        d === 1 ? "two-gaussians-1d" : "two-gaussians",
      );
      for (let i = 0; i < 20; i++) await trainer.playRound();
      const shares = await plane.density();
      const many = await plane.sample(20_000, 5);
      const inside = rowsOf(many, d).filter((point) =>
        point.every((value, axis) => value >= plane.bounds.low[axis] && value < plane.bounds.high[axis]),
      ).length;
      const sum = shares.reduce((total, share) => total + share, 0);
      expect(Math.abs(sum - inside / 20_000)).toBeLessThan(0.01);
      // Cell by cell as far from what samples say as samples are from themselves.
      const drawn = pointsToShares(many, plane.bounds, 60);
      expect(sharesToJensenShannon(withOutside(shares), withOutside(drawn))).toBeLessThan(0.02);
      expect(sum).toBeLessThanOrEqual(1 + 1e-5);
      await plane.dispose();
      await trainer.dispose();
    }
  });

  it("is a line for data of one number, and its manifold a curve for a latent of one", async () => {
    const model = smallModel("non-saturating", { d: 1, latent: 1 });
    const { trainer, plane } = await open(model, {}, "two-gaussians-1d");
    const { samples, pushes, heat, manifold } = await plane.look();
    expect([samples.length, pushes.length, heat.length, manifold.length]).toEqual([24, 24, 60, 21]);
    expect((await plane.density()).length).toBe(60);
    const make = networkToFunction(trainer.generator);
    expect(manifold[10]).toBeCloseTo(make([0])[0], 4);
    await plane.dispose();
    await trainer.dispose();
  });

  it("has bounds of 1.25 times the range of the data, the same along both axes", async () => {
    const { trainer, plane } = await open(smallModel("minimax"), {}, "ring");
    const { low, high } = plane.bounds;
    expect(high[0] - low[0]).toBeCloseTo(1.25 * 2.06, 1);
    expect(high[1] - low[1]).toBeCloseTo(high[0] - low[0], 9);
    await plane.dispose();
    await trainer.dispose();
  });
});
