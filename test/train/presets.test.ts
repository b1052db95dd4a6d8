import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { toyNetwork } from "../../src/train/networks/mlp.ts";
import { layersToNetwork } from "../../src/train/networks/network.ts";
import { PRESETS, type PresetName, presetToGame } from "../../src/train/presets.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { openSampler } from "../../src/train/sampler.ts";
import { TOY_DATA } from "../../src/train/toy-data.ts";
import { openTrainer } from "../../src/train/trainer.ts";
import { picturesToTrainingData, toyToTrainingData } from "../../src/train/training-data.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 2 });
});
afterAll(() => engine.dispose());

const names = Object.keys(PRESETS) as PresetName[];

/** One blob away from the origin, where the generator begins. */
const { disjoint } = TOY_DATA;
const blob = {
  ...disjoint,
  sample: (n: number, random: Parameters<typeof disjoint.sample>[1]) => {
    const samples = random.normal(new Float32Array(2 * n));
    for (let i = 0; i < 2 * n; i++) samples[i] = 0.3 * samples[i] + (i % 2 === 0 ? 1.5 : -1);
    return samples;
  },
};

describe.each(names)("%s", (name) => {
  it("plays a round on pictures, all numbers finite", async () => {
    const pixels = Uint8Array.from({ length: 40 * 256 }, (_, i) => (i * 7919) % 256);
    const game = presetToGame(name, { picture: [16, 16, 1], latent: 4, batchSize: 4 });
    const data = picturesToTrainingData(pixels, [16, 16, 1], 1);
    const trainer = await openTrainer(engine, game, data, {
      seed: 1,
      rates: { generator: 2e-4, discriminator: 2e-4 },
    });
    for (let i = 0; i < 2; i++) {
      const { scalars } = await trainer.playRound();
      expect(Object.values(scalars).every(Number.isFinite), JSON.stringify(scalars)).toBe(true);
    }
    await trainer.dispose();
  });

  it("moves the generator to where the data are", async () => {
    const leaky = { kind: "leaky-relu", slope: 0.2 } as const;
    const dense = { kind: "dense", units: 32 } as const;
    const networks = {
      generator: toyNetwork(2, 2, { hidden: 1, units: 32 }),
      // Leaky, as the presets' own: under a strong penalty plain units die.
      discriminator: layersToNetwork([2], [dense, leaky, dense, leaky, { kind: "dense", units: 1 }]),
    };
    const game = presetToGame(name, { picture: [1, 1, 1], batchSize: 64, networks });
    const trainer = await openTrainer(engine, game, toyToTrainingData(blob, 1), {
      seed: 1,
      rates: { generator: 2e-3, discriminator: 2e-3 },
    });
    for (let i = 0; i < 1000; i++) await trainer.playRound();
    const sampler = await openSampler(engine, networks.generator, 500);
    const latent = openRandomStream(1, "preview").normal(new Float32Array(2 * 1000));
    const samples = await sampler.sample(latent, await trainer.readGenerator());
    const mean = (axis: number) =>
      samples.reduce((sum, value, i) => (i % 2 === axis ? sum + value : sum), 0) / 1000;
    // The blob lies 1.8 from the origin; players circle around the answer.
    expect(Math.hypot(mean(0) - 1.5, mean(1) + 1)).toBeLessThan(0.6);
    await Promise.all([trainer.dispose(), sampler.dispose()]);
  });
});

it("presets have PyTorch-GAN's defaults", () => {
  const game = presetToGame("wgan_gp", { picture: [28, 28, 1] });
  expect(game).toMatchObject({
    batchSize: 64,
    discriminatorSteps: 5,
    sharedFakes: false,
    penalties: [{ name: "interpolated", weight: 10 }],
    generator: { optimizer: "adam", optimizerOptions: { b1: 0.5, b2: 0.999 }, network: { input: [100] } },
  });
  expect(presetToGame("gan", { picture: [28, 28, 1] }).sharedFakes).toBe(true);
});
