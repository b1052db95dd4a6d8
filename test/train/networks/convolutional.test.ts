import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import {
  convolutionalDiscriminator,
  stridedDiscriminator,
  transposedGenerator,
  upSamplingGenerator,
} from "../../../src/train/networks/convolutional.ts";
import { type Network, parameterCount } from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { type Game, gameToRound, gameToSignature, gameToState } from "../../../src/train/round.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 2 });
});
afterAll(() => engine.dispose());

const PICTURE = [32, 32, 1] as const;

/** Rounds on one batch, of which only one player learns; its loss in the first and in the last. */
async function learnAlone(
  learner: "generator" | "discriminator",
  generator: Network,
  discriminator: Network,
): Promise<[first: number, last: number]> {
  const game: Game = {
    generator: { network: generator, optimizer: "adam" },
    discriminator: { network: discriminator, optimizer: "adam" },
    loss: "non-saturating",
    batchSize: 4,
    discriminatorSteps: 1,
    sharedFakes: true,
  };
  const signature = gameToSignature(game);
  const state = gameToState(game, openRandomStream(1, "weights"));
  const program = await engine.compileStep(gameToRound(game), signature, state);
  const random = openRandomStream(1, "latent");
  const inputs = Object.fromEntries(
    Object.entries(signature).map(([name, { shape }]) => [
      name,
      shape.length === 0
        ? Float32Array.of(name.endsWith("rate") ? (name.startsWith(learner) ? 1e-3 : 0) : 1)
        : random.uniform(new Float32Array(shape.reduce((a, b) => a * b, 1))),
    ]),
  );
  const losses: number[] = [];
  for (let i = 0; i < 25; i++) losses.push((await program.run(inputs))[`${learner}/loss`].data[0]);
  const after = await program.readState();
  expect(Object.values(after).every(({ data }) => data.every(Number.isFinite))).toBe(true);
  await program.dispose();
  return [losses[0], losses.at(-1)!];
}

describe("the up-sampling pair of PyTorch-GAN", () => {
  it("has as many weights at 32 x 32 x 1", () => {
    expect(parameterCount(upSamplingGenerator(100, PICTURE))).toBe(1_049_985);
    expect(parameterCount(stridedDiscriminator(PICTURE))).toBe(98_113);
  });

  it("fits together at any size", () => {
    for (const picture of [
      [28, 28, 1],
      [30, 19, 3],
      [5, 5, 1],
    ] as const) {
      expect(upSamplingGenerator(8, picture).output).toEqual(picture);
      expect(stridedDiscriminator(picture).output).toEqual([1]);
    }
  });

  it.each(["generator", "discriminator"] as const)(
    "the %s learns while the other stands still",
    async (who) => {
      const pair = [upSamplingGenerator(8, [32, 32, 1]), stridedDiscriminator([32, 32, 1])] as const;
      const [first, last] = await learnAlone(who, ...pair);
      expect(last).toBeLessThan(0.8 * first);
    },
  );
});

describe("the pair of Lucic et al.", () => {
  it("has the layers of the paper", () => {
    const shapes = (network: Network) => network.layers.map(({ output }) => output.join("x"));
    expect(new Set(shapes(transposedGenerator(64, [28, 28, 1])))).toEqual(
      new Set(["1024", "6272", "7x7x128", "14x14x64", "28x28x1"]),
    );
    expect(new Set(shapes(convolutionalDiscriminator([28, 28, 1])))).toEqual(
      new Set(["14x14x64", "7x7x128", "6272", "1024", "1"]),
    );
  });

  it.each(["generator", "discriminator"] as const)(
    "the %s learns while the other stands still",
    async (who) => {
      const pair = [transposedGenerator(8, [12, 12, 1]), convolutionalDiscriminator([12, 12, 1])] as const;
      const [first, last] = await learnAlone(who, ...pair);
      expect(last).toBeLessThan(0.8 * first);
    },
  );
});
