import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { toyNetwork } from "../../src/train/networks/mlp.ts";
import { layersToNetwork } from "../../src/train/networks/network.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { type Game, gameToRound, gameToSignature, gameToState } from "../../src/train/round.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

/** One weight a player: G(z) = g z, D(x) = d x. Everything about it can be worked out by hand. */
const line = layersToNetwork([1], [{ kind: "dense", units: 1, bias: false }]);
const LINEAR: Game = {
  generator: { network: line, optimizer: "sgd" },
  discriminator: { network: line, optimizer: "sgd" },
  loss: "wasserstein",
  batchSize: 2,
  discriminatorSteps: 1,
  sharedFakes: false,
};

async function runLinear(game: Game, arrays: Record<string, number[]>, start: { g: number; d: number }) {
  const state = gameToState(game, openRandomStream(1, "weights"));
  state["generator/weights/dense1/weights"].data[0] = start.g;
  state["discriminator/weights/dense1/weights"].data[0] = start.d;
  const program = await engine.compileStep(gameToRound(game), gameToSignature(game), state);
  const inputs = Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => [name, Float32Array.from(values)]),
  );
  const outputs = await program.run(inputs);
  const after = await program.readState();
  await program.dispose();
  return {
    g: after["generator/weights/dense1/weights"].data[0],
    d: after["discriminator/weights/dense1/weights"].data[0],
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data[0]])),
  };
}

const RATE = 0.1;
const rates = { "generator/rate": [RATE], "discriminator/0/rate": [RATE] };

describe("a round of one-weight players, worked out by hand", () => {
  const inputs = { ...rates, "real/0": [1, 3], "latent/0": [1, 2], latent: [0.5, 1.5] };

  it("the discriminator goes first, then the generator against the new one", async () => {
    const { g, d, outputs } = await runLinear(LINEAR, inputs, { g: 0.5, d: 0.2 });
    // E D(fake) - E D(real) = d (g 1.5 - 2): its slope by d is 0.75 - 2.
    const newD = 0.2 + RATE * 1.25;
    expect(outputs["discriminator/loss"]).toBeCloseTo(0.2 * -1.25, 6);
    expect(d).toBeCloseTo(newD, 6);
    // -E D(G(z)) = -d g 1.
    expect(outputs["generator/loss"]).toBeCloseTo(-newD * 0.5, 6);
    expect(g).toBeCloseTo(0.5 + RATE * newD, 6);
    expect(outputs["discriminator/real"]).toBeCloseTo(0.4, 6);
    expect(outputs["discriminator/fake"]).toBeCloseTo(0.15, 6);
    expect(outputs["discriminator/right-real"]).toBe(1);
    expect(outputs["discriminator/right-fake"]).toBe(0);
    expect(outputs["discriminator/gradient-norms"]).toBeCloseTo(1.25, 6);
    expect(outputs["generator/gradient-norms"]).toBeCloseTo(newD, 6);
  });

  it("with shared fakes both look at the weights of before", async () => {
    const { "latent/0": _, ...shared } = inputs;
    const { g, d } = await runLinear({ ...LINEAR, sharedFakes: true }, shared, { g: 0.5, d: 0.2 });
    expect(g).toBeCloseTo(0.5 + RATE * 0.2, 6);
    // Fakes of the old generator: g E latent = 0.5.
    expect(d).toBeCloseTo(0.2 + RATE * (2 - 0.5), 6);
  });

  it("several discriminator steps see batches of their own", async () => {
    const more = {
      ...inputs,
      "real/1": [2, 2],
      "latent/1": [1, 1],
      "discriminator/1/rate": [RATE],
    };
    const { g, d } = await runLinear({ ...LINEAR, discriminatorSteps: 2 }, more, { g: 0.5, d: 0.2 });
    const newD = 0.2 + RATE * 1.25 + RATE * (2 - 0.5);
    expect(d).toBeCloseTo(newD, 6);
    expect(g).toBeCloseTo(0.5 + RATE * newD, 6);
  });

  it("clipping holds the discriminator's weights, not the generator's", async () => {
    const { g, d } = await runLinear({ ...LINEAR, clip: 0.01 }, inputs, { g: 0.5, d: 0.2 });
    expect(d).toBeCloseTo(0.01, 8);
    expect(g).toBeCloseTo(0.5 + RATE * 0.01, 6);
  });

  it("penalties add to the discriminator's loss and gradient", async () => {
    const game: Game = { ...LINEAR, penalties: [{ name: "interpolated", weight: 3 }] };
    const { d, outputs } = await runLinear(
      game,
      { ...inputs, "penalty/mix/0": [0.2, 0.7] },
      { g: 0.5, d: 0.2 },
    );
    // The slope of D is d everywhere: 3 (|d| - 1)^2.
    expect(outputs["discriminator/penalty"]).toBeCloseTo(3 * 0.64, 4);
    expect(outputs["discriminator/loss"]).toBeCloseTo(0.2 * -1.25 + 3 * 0.64, 4);
    expect(d).toBeCloseTo(0.2 - RATE * (-1.25 + 6 * -0.8), 4);
  });
});

describe("a game that cannot be played is refused", () => {
  it.each<[string, Partial<Game>, RegExp]>([
    [
      "a generator of other pictures",
      { generator: { network: toyNetwork(1, 2, { hidden: 0, units: 1 }), optimizer: "sgd" } },
      /gives what the discriminator takes, \[1\], got .* \[2\]/,
    ],
    [
      "shared fakes for several steps",
      { sharedFakes: true, discriminatorSteps: 2 },
      /one discriminator step/,
    ],
  ])("%s", (_what, change, message) => {
    expect(() => gameToSignature({ ...LINEAR, ...change })).toThrow(message);
  });
});
