import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../src/engine/tensorflow.ts";
import * as tf from "../../src/engine/tfjs.ts";
import { LOSSES, type Loss, type LossName, type LossNumbers, nextBalance } from "../../src/train/losses.ts";
import { logOther, logSigmoid, NUMBERS, over, REFERENCES } from "./loss-references.ts";

beforeAll(() => loadTensorflow());

const REAL = [1.2, -0.4, 3, 0.1];
const FAKE = [-2.5, 0.3, 1.1, -0.2];
const column = (values: readonly number[]) => tf.tensor2d([...values], [values.length, 1]);
const players = ["discriminator", "generator"] as const;
const names = Object.keys(LOSSES) as LossName[];

/** A loss and its gradients by the real and the fake logits. */
function lossOf(
  name: LossName,
  player: (typeof players)[number],
  r: readonly number[],
  f: readonly number[],
  numbers: LossNumbers = NUMBERS,
) {
  const { value, grads } = tf.valueAndGrads((real: tf.Tensor, fake: tf.Tensor) =>
    // What a loss does not depend on has no gradient in tensorflow.js: make it depend on both.
    tf.add(LOSSES[name][player](real, fake, numbers), tf.mul(tf.add(tf.sum(real), tf.sum(fake)), 0)),
  )([column(r), column(f)]);
  return { value: value.dataSync()[0], gradients: grads.flatMap((gradient) => [...gradient.dataSync()]) };
}

describe.each(names)("%s", (name) => {
  it.each(players)("the %s's loss and its gradients equal the paper's formula", (player) => {
    const reference = (r: readonly number[], f: readonly number[]) =>
      REFERENCES[name](r, f)[players.indexOf(player)];
    const { value, gradients } = lossOf(name, player, REAL, FAKE);
    expect(value).toBeCloseTo(reference(REAL, FAKE), 5);
    // Central differences in float64: 1e-9 of truncation; float32 has seven digits.
    const h = 1e-5;
    const moved = (values: readonly number[], at: number, by: number) =>
      values.map((x, i) => (i === at ? x + by : x));
    const slopes = [
      ...REAL.map((_, i) => reference(moved(REAL, i, h), FAKE) - reference(moved(REAL, i, -h), FAKE)),
      ...FAKE.map((_, i) => reference(REAL, moved(FAKE, i, h)) - reference(REAL, moved(FAKE, i, -h))),
    ].map((difference) => difference / (2 * h));
    slopes.forEach((slope, i) => {
      expect(gradients[i], `gradient ${i}`).toBeCloseTo(slope, 5);
    });
  });

  it("stays finite where the discriminator is very sure", () => {
    for (const player of players) {
      const { value, gradients } = lossOf(name, player, [90, 200, 60], [-150, -70, -300]);
      expect([value, ...gradients].every(Number.isFinite)).toBe(true);
    }
  });
});

describe("one-sided label smoothing", () => {
  const smoothable = names.filter((name) => (LOSSES[name] as Loss).canSmooth);
  const smoothed = { ...NUMBERS, smoothing: 0.1 };

  it.each(smoothable)(
    "%s: the discriminator's target for real images falls, that of fake ones stays",
    (name) => {
      const expected =
        name === "least-squares"
          ? over(REAL, (x) => (x - 0.9) ** 2) / 2 + over(FAKE, (x) => x ** 2) / 2
          : -over(REAL, (x) => 0.9 * logSigmoid(x) + 0.1 * logOther(x)) - over(FAKE, logOther);
      expect(lossOf(name, "discriminator", REAL, FAKE, smoothed).value).toBeCloseTo(expected, 5);
    },
  );

  it.each(names)("%s: the generator's loss stays, and so does all of a loss that cannot", (name) => {
    const stays = smoothable.includes(name) ? (["generator"] as const) : players;
    for (const player of stays)
      expect(lossOf(name, player, REAL, FAKE, smoothed)).toEqual(lossOf(name, player, REAL, FAKE));
  });
});

describe("BEGAN's k", () => {
  const options = { gamma: 0.5, lambdaK: 0.1 };

  it("rises while fakes are drawn better than the ratio asks, and falls while worse", () => {
    expect(nextBalance(0.4, 2, 0.5, options)).toBeCloseTo(0.4 + 0.1 * (0.5 * 2 - 0.5), 12);
    expect(nextBalance(0.4, 2, 3, options)).toBeCloseTo(0.4 + 0.1 * (0.5 * 2 - 3), 12);
  });

  it("stays in [0, 1]", () => {
    expect(nextBalance(0.01, 0, 100, options)).toBe(0);
    expect(nextBalance(0.99, 100, 0, options)).toBe(1);
  });
});

describe("what tells the losses apart", () => {
  it.each(names)("%s is at indecision what diagnosis takes it for, and falls to 0 from there", (name) => {
    const { undecided } = LOSSES[name];
    if (typeof undecided !== "number") {
      expect(undecided.silent).not.toBe("");
      return;
    }
    const at = (real: number, fake: number) => lossOf(name, "discriminator", [real], [fake]).value;
    const logit = name === "least-squares" ? 0.5 : 0;
    expect(at(logit, logit)).toBeCloseTo(undecided, 6);
    expect(name === "least-squares" ? at(1, 0) : at(30, -30)).toBeCloseTo(0, 6);
  });

  it("at indecision the Wasserstein critic's loss is 0, and the losses that say nothing there are these", () => {
    expect(lossOf("wasserstein", "discriminator", [0.7], [0.7]).value).toBeCloseTo(0, 6);
    expect(names.filter((name) => typeof LOSSES[name].undecided !== "number")).toEqual([
      "wasserstein",
      "softmax",
      "energy",
      "boundary-equilibrium",
    ]);
  });

  it("where the discriminator is sure, the minimax generator's gradient vanishes and the non-saturating one's does not", () => {
    const steepest = (name: LossName) =>
      Math.max(...lossOf(name, "generator", [12], [-12]).gradients.map(Math.abs));
    expect(steepest("minimax")).toBeLessThan(1e-5);
    expect(steepest("non-saturating")).toBeGreaterThan(0.99);
  });
});
