/** What theory says of the best discriminator, of equilibria and of shifts. */
import { describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { sharesToJensenShannon } from "../../../src/plane/exact/divergences.ts";
import { modelToEquilibrium } from "../../../src/plane/exact/equilibrium.ts";
import { sharesToOptimalLoss, sharesToOptimum } from "../../../src/plane/exact/optimum.ts";
import { shiftToDivergences } from "../../../src/plane/exact/shift.ts";
import { LOSSES, type Loss, type LossName } from "../../../src/train/losses.ts";
import { smallModel } from "../plane-models.ts";

const NAMES = Object.keys(LOSSES) as LossName[];
const P = [0.5, 0.3, 0.15, 0.05, 0];
const Q = [0.1, 0.3, 0.2, 0, 0.4];

/** The loss over a distribution of five places, of a discriminator that gives each a value. */
const toLoss = (name: LossName, values: readonly number[], smoothing: number): number => {
  const loss: Loss = LOSSES[name];
  const numbers = { smoothing, margin: 1, balance: 0 };
  return values.reduce((sum, value, cell) => {
    const at = tf.tensor2d([[value]]);
    const on = loss.discriminator(at, at, numbers).dataSync()[0];
    // Terms of the two sides, by the loss at a place where the other side is far from every border.
    const neutral = tf.tensor2d([[0]]);
    const real = loss.discriminator(at, neutral, numbers).dataSync()[0];
    const none = loss.discriminator(neutral, neutral, numbers).dataSync()[0];
    const fake = on - real;
    return sum + P[cell] * (real - none) + Q[cell] * fake + P[cell] * none;
  }, 0);
};

describe("the best discriminator", () => {
  it.each(
    NAMES.flatMap((name) =>
      "canSmooth" in LOSSES[name] ? [[name, 0] as const, [name, 0.1] as const] : [[name, 0] as const],
    ),
  )(
    "for the loss %s, smoothed by %s, loses less than any near it, or is not claimed to be known",
    async (name, smoothing) => {
      const { openBackend } = await import("../../../src/engine/eager-backends.ts");
      await openBackend("cpu", await loadTensorflow());
      const model = { ...smallModel(name), smoothing };
      const optimum = sharesToOptimum(model, P, Q);
      if (optimum === undefined) {
        expect(sharesToOptimalLoss(model, P, Q)).toBeUndefined();
        expect(["minimax", "non-saturating", "least-squares", "boundary-seeking", "hinge"]).not.toContain(
          name,
        );
        return;
      }
      const best = toLoss(name, [...optimum], smoothing);
      expect(sharesToOptimalLoss(model, P, Q)! - best).toBeCloseTo(0, 4);
      for (let cell = 0; cell < P.length; cell++)
        for (const change of [-0.3, 0.3]) {
          const other = [...optimum].with(cell, optimum[cell] + change);
          expect(toLoss(name, other, smoothing)).toBeGreaterThanOrEqual(best - 1e-5);
        }
    },
  );

  it("of cross-entropy has the loss 2 ln 2 - 2 JSD", () => {
    const loss = sharesToOptimalLoss(smallModel("minimax"), P, Q)!;
    expect(loss).toBeCloseTo(2 * Math.LN2 - 2 * sharesToJensenShannon(P, Q), 9);
  });

  it("is unknown for packs, which are judged as a whole", () => {
    expect(sharesToOptimum(smallModel("minimax", { packing: 2 }), P, Q)).toBeUndefined();
  });
});

describe("equilibrium lines", () => {
  it("are the losses that LOSSES give where both sides have the line's output", async () => {
    const { openBackend } = await import("../../../src/engine/eager-backends.ts");
    await openBackend("cpu", await loadTensorflow());
    for (const name of NAMES)
      for (const smoothing of "canSmooth" in LOSSES[name] ? [0, 0.1] : [0]) {
        const model = { ...smallModel(name), smoothing };
        const lines = Object.fromEntries(modelToEquilibrium(model).map(({ of, value }) => [of, value]));
        const output = lines.real ?? (LOSSES[name].isProbability ? 0.5 : 0);
        expect(lines.fake).toBe(lines.real);
        const logit = LOSSES[name].isProbability ? Math.log(output / (1 - output)) : output;
        const logits = tf.fill([model.batchSize, 1], logit);
        const numbers = { smoothing, margin: 1, balance: 0 };
        const loss: Loss = LOSSES[name];
        if (lines.discriminator_loss !== undefined)
          expect(loss.discriminator(logits, logits, numbers).dataSync()[0]).toBeCloseTo(
            lines.discriminator_loss,
            4,
          );
        if (lines.generator_loss !== undefined)
          expect(loss.generator(logits, logits, numbers).dataSync()[0]).toBeCloseTo(lines.generator_loss, 4);
      }
  });

  it("are those of the books", () => {
    const toLine = (name: LossName, of: string) =>
      modelToEquilibrium(smallModel(name)).find((each) => each.of === of)?.value;
    expect(toLine("non-saturating", "discriminator_loss")).toBeCloseTo(1.3863, 4);
    expect(toLine("non-saturating", "generator_loss")).toBeCloseTo(Math.LN2, 9);
    expect(toLine("minimax", "generator_loss")).toBeCloseTo(-Math.LN2, 9);
    expect(toLine("least-squares", "discriminator_loss")).toBe(0.25);
    expect(toLine("hinge", "discriminator_loss")).toBe(2);
    expect(toLine("wasserstein", "discriminator_loss")).toBe(0);
  });
});

describe("a normal distribution and itself, shifted", () => {
  it("have a Jensen-Shannon divergence that saturates at ln 2, and a distance that does not", () => {
    const expected: [number, number][] = [
      [0, 0],
      [1, 0.111],
      [2, 0.337],
      [3, 0.527],
      [4, 0.633],
      [6, 0.689],
    ];
    for (const [theta, js] of expected)
      expect(Math.abs(shiftToDivergences(theta).js - js)).toBeLessThan(0.001);
    for (const theta of [10, 12, 40]) expect(Math.LN2 - shiftToDivergences(theta).js).toBeLessThan(1e-4);
    for (let theta = 0; theta <= 20; theta += 0.25) {
      const { js, kl, wasserstein } = shiftToDivergences(theta);
      expect(js).toBeLessThanOrEqual(Math.LN2);
      expect(js).toBeGreaterThanOrEqual(0);
      expect(kl).toBe(theta ** 2 / 2);
      expect(Math.abs(wasserstein - theta)).toBeLessThanOrEqual(0.01 * theta);
      expect(shiftToDivergences(-theta)).toEqual({ js, kl, wasserstein });
    }
  });
});
