import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { GanModel } from "../../src/train/gan-model.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { LOSSES, type Loss, type LossName } from "../../src/train/losses.ts";
import {
  type RoundOutputs,
  type RoundRecord,
  outputsToRecord as schemeToRecord,
} from "../../src/train/round-record.ts";
import { modelToScheme } from "../../src/train/schemes/gan.ts";
import { TINY, tinyAutoencoder, tinyImages } from "./games.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

/** Norms of weights, biases and so on, in the order of the arrays. */
const norms = (game: GanModel, player: "generator" | "discriminator", first: number) => {
  const arrays = Object.keys(game[player].network.weights);
  const from = (start: number) => Float64Array.from(arrays, (_, i) => start + i);
  return { gradients: from(first), weights: from(10 * first), steps: from(0.1 * first) };
};

const toLogits = (real: Float32Array, fake: Float32Array) => ({
  "logits/discriminator/real": real,
  "logits/discriminator/fake": fake,
});

/** The record of a model's round. */
const outputsToRecord = (game: GanModel, round: number, outputs: RoundOutputs) =>
  schemeToRecord(modelToScheme(game), round, outputs);

const toOutputs = (game: GanModel, change: Partial<RoundOutputs> = {}): RoundOutputs => ({
  losses: { "generator/loss": 1.5, "discriminator/loss": 0.9, "terms/discriminator-adversarial": 0.8 },
  logits: toLogits(Float32Array.of(2, 1, -1, 4), Float32Array.of(-3, -1, 1, 0)),
  rates: { generator: 1e-3, discriminator: 2e-3 },
  norms: { generator: norms(game, "generator", 3), discriminator: norms(game, "discriminator", 5) },
  carried: {},
  ...change,
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mean = (...values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("a record", () => {
  it("has every number of the outputs, worked out by hand", () => {
    const { round, scalars } = outputsToRecord(TINY, 7, toOutputs(TINY));
    expect(round).toBe(7);
    const expected = {
      generator_loss: 1.5,
      discriminator_loss: 0.9,
      real_score: mean(...[2, 1, -1, 4].map(sigmoid)),
      fake_score: mean(...[-3, -1, 1, 0].map(sigmoid)),
      real_logit: 1.5,
      fake_logit: -0.75,
      real_spread: Math.sqrt(mean(0.25, 0.25, 6.25, 6.25)),
      fake_spread: Math.sqrt(mean(2.25 ** 2, 0.25 ** 2, 1.75 ** 2, 0.75 ** 2)),
      real_accuracy: 0.75,
      fake_accuracy: 0.5,
      jsd: Math.LN2 - 0.4,
      generator_rate: 1e-3,
      // dense1's weights and biases, batch-norm1's scale and offset, dense2's weights and biases.
      generator_gradient_norm: Math.hypot(3, 4, 5, 6, 7, 8),
      discriminator_rate: 2e-3,
      discriminator_gradient_norm: Math.hypot(5, 6, 7, 8),
    };
    expect(Object.keys(scalars)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) expect(scalars[name], name).toBeCloseTo(value, 12);
  });

  it("counts a logit of exactly 0, which is on neither side, as right for neither player", () => {
    const zeros = toLogits(Float32Array.of(0, -0, 0), Float32Array.of(0, -0, 0));
    const { scalars } = outputsToRecord(TINY, 1, toOutputs(TINY, { logits: zeros }));
    expect([scalars.real_accuracy, scalars.fake_accuracy]).toEqual([0, 0]);
    const [above, below] = [Float32Array.of(1e-30, 0), Float32Array.of(-1e-30, 0)];
    const right = outputsToRecord(TINY, 1, toOutputs(TINY, { logits: toLogits(above, below) })).scalars;
    expect([right.real_accuracy, right.fake_accuracy]).toEqual([0.5, 0.5]);
  });

  it("has the norms of each layer's arrays together, and the step as a share of the weights", () => {
    const { layers } = outputsToRecord(TINY, 1, toOutputs(TINY));
    const expected = (layer: string, i: number) => ({
      layer,
      gradient: expect.closeTo(Math.hypot(3 + i, 4 + i), 12),
      weight: expect.closeTo(Math.hypot(30 + i, 31 + i), 12),
      ratio: expect.closeTo(Math.hypot(0.3 + i, 1.3 + i) / Math.hypot(30 + i, 31 + i), 12),
    });
    expect(layers.generator).toEqual([
      expected("dense1", 0),
      expected("batch-norm1", 2),
      expected("dense2", 4),
    ]);
    expect(layers.discriminator.map(({ layer }) => layer)).toEqual(["dense1", "dense2"]);
  });

  it("has a finite ratio for a layer of zeros", () => {
    const outputs = toOutputs(TINY);
    const { generator } = outputs.norms;
    const zero = {
      ...generator,
      weights: generator.weights.map(() => 0),
      steps: generator.steps.map(() => 0),
    };
    const { layers } = outputsToRecord(TINY, 1, { ...outputs, norms: { ...outputs.norms, generator: zero } });
    expect(layers.generator.map(({ ratio }) => ratio)).toEqual([0, 0, 0]);
  });

  it.each(Object.keys(LOSSES) as LossName[])(
    "%s: probabilities and a divergence where its logits give them",
    (loss) => {
      const row: Loss = LOSSES[loss];
      const { scalars } = outputsToRecord({ ...TINY, loss }, 1, toOutputs(TINY));
      expect("jsd" in scalars).toBe(row.isCrossEntropy === true);
      const isProbability = ["minimax", "non-saturating", "boundary-seeking"].includes(loss);
      expect(scalars.real_score).toBeCloseTo(isProbability ? mean(...[2, 1, -1, 4].map(sigmoid)) : 1.5, 12);
      if (row.isCrossEntropy) expect(scalars.jsd).toBeLessThanOrEqual(Math.LN2);
    },
  );

  it("has a penalty and BEGAN's k where there are any", () => {
    const { scalars } = outputsToRecord(
      { ...TINY, penalties: [{ name: "r1" }] },
      1,
      toOutputs(TINY, {
        losses: { "generator/loss": 1, "discriminator/loss": 2, "terms/penalty": 3 },
        carried: { balance: 0 },
      }),
    );
    expect(scalars).toMatchObject({ penalty: 3, balance: 0 });
  });
});

describe("a round's own record", () => {
  const played = async (game: GanModel): Promise<RoundRecord> => {
    const trainer = await openGanTrainer(engine, game, tinyImages(), {
      seed: 1,
      rates: { generator: 1e-3, discriminator: 2e-3 },
      rounds: 10,
    });
    await trainer.playRound();
    const record = await trainer.playRound(true);
    await trainer.dispose();
    return record;
  };

  it("says that an undecided discriminator sees no divergence: D(x) near 1/2, jsd near 0", async () => {
    const { round, scalars } = await played(TINY);
    expect(round).toBe(2);
    // Fresh networks on tiny images: logits below 1 in size.
    expect(Math.abs(scalars.real_score - 0.5)).toBeLessThan(0.25);
    expect(Math.abs(scalars.jsd)).toBeLessThan(0.2);
    expect(scalars.jsd).toBeCloseTo(Math.LN2 - scalars.discriminator_loss / 2, 6);
    expect(scalars).toMatchObject({ generator_rate: 1e-3, discriminator_rate: 2e-3 });
    expect(scalars).not.toHaveProperty("penalty");
    expect(scalars).not.toHaveProperty("balance");
  });

  it("leaves the penalty out of the divergence, and in the loss", async () => {
    const { scalars } = await played({ ...TINY, penalties: [{ name: "r1", weight: 20 }] });
    expect(scalars.penalty).toBeGreaterThan(0);
    expect(scalars.jsd).toBeCloseTo(Math.LN2 - (scalars.discriminator_loss - scalars.penalty) / 2, 5);
  });

  it("has BEGAN's k after the round, of energies that are minus the logits", async () => {
    const { scalars } = await played({
      ...TINY,
      loss: "boundary-equilibrium",
      critic: { kind: "autoencoder", error: "absolute" },
      discriminator: { network: tinyAutoencoder(), optimizer: "adam" },
      ...{ gamma: 3, lambdaK: 0.01 },
    });
    expect(scalars.balance).toBeGreaterThan(0);
    expect(scalars.balance).toBeLessThan(1);
    expect(scalars.real_logit).toBeLessThan(0);
    expect(scalars.real_score).toBe(scalars.real_logit);
  });

  it("has layers' norms whose squares add up to the whole's, and steps of Adam's size", async () => {
    const { layers, scalars } = await played(TINY);
    for (const player of ["generator", "discriminator"] as const) {
      const gradients = layers[player].map(({ gradient }) => gradient);
      expect(Math.hypot(...gradients)).toBeCloseTo(scalars[`${player}_gradient_norm`], 9);
      for (const { ratio, weight } of layers[player]) {
        expect(weight).toBeGreaterThan(0);
        expect(ratio).toBeGreaterThan(0);
        expect(ratio).toBeLessThan(0.1);
      }
    }
  });
});
