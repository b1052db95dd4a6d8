import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { samplesToModeCoverage } from "../../src/metrics/mode-coverage.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/train/checkpoint.ts";
import { stridedDiscriminator, upSamplingGenerator } from "../../src/train/networks/convolutional.ts";
import { toyNetwork } from "../../src/train/networks/mlp.ts";
import { openRandomStream } from "../../src/train/random.ts";
import type { Game } from "../../src/train/round.ts";
import { openSampler } from "../../src/train/sampler.ts";
import { TOY_DATA, type ToyName } from "../../src/train/toy-data.ts";
import { openTrainer } from "../../src/train/trainer.ts";
import { picturesToTrainingData, toyToTrainingData } from "../../src/train/training-data.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  folder = await mkdtemp(path.join(tmpdir(), "trainer-"));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

const toyGame = (data: ToyName): Game => ({
  generator: { network: toyNetwork(2, TOY_DATA[data].d, { hidden: 2, units: 64 }), optimizer: "adam" },
  discriminator: { network: toyNetwork(TOY_DATA[data].d, 1, { hidden: 2, units: 64 }), optimizer: "adam" },
  loss: "non-saturating",
  batchSize: 128,
  discriminatorSteps: 1,
  sharedFakes: false,
});

const RATES = { generator: 1e-3, discriminator: 1e-3 };

async function learnToy(name: ToyName, game: Game, rounds: number) {
  const trainer = await openTrainer(engine, game, toyToTrainingData(TOY_DATA[name], 1), {
    seed: 1,
    rates: RATES,
  });
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  const sampler = await openSampler(engine, game.generator.network, 1000);
  const latent = openRandomStream(1, "preview").normal(new Float32Array(2 * 2500));
  const samples = await sampler.sample(latent, await trainer.readGenerator());
  await Promise.all([trainer.dispose(), sampler.dispose()]);
  return samples;
}

describe("learning", () => {
  it("two Gaussians on a line: both modes, most samples at one of them", async () => {
    const game: Game = { ...toyGame("two-gaussians-1d"), penalties: [{ name: "r1", weight: 0.1 }] };
    const samples = await learnToy("two-gaussians-1d", game, 2000);
    const coverage = samplesToModeCoverage(samples, TOY_DATA["two-gaussians-1d"].mixture);
    expect(coverage.captured).toBe(2);
    expect(coverage.highQuality).toBeGreaterThan(0.8);
    expect(coverage.reverseKl).toBeLessThan(0.2);
  });

  it("a ring with the gradient penalty: all eight modes", async () => {
    const game: Game = {
      ...toyGame("ring"),
      loss: "wasserstein",
      penalties: [{ name: "interpolated", weight: 0.1 }],
      discriminatorSteps: 2,
    };
    const samples = await learnToy("ring", game, 2500);
    // Ten times the ring's deviation: a few seconds do not make it as thin.
    const coverage = samplesToModeCoverage(samples, { ...TOY_DATA.ring.mixture, deviation: 0.1 });
    expect(coverage.captured).toBe(8);
    expect(coverage.highQuality).toBeGreaterThan(0.5);
    expect(coverage.reverseKl).toBeLessThan(0.3);
  });
});

/** 20 pictures in batches of 8: two to a pass, and four pictures left out of each. */
const pixels = Uint8Array.from({ length: 20 * 64 }, (_, i) => (i * 37) % 251);
const pictures = () => picturesToTrainingData(pixels, [8, 8, 1], 5);

const pictureGame: Game = {
  generator: { network: upSamplingGenerator(6, [8, 8, 1]), optimizer: "adam" },
  discriminator: { network: stridedDiscriminator([8, 8, 1]), optimizer: "rmsprop" },
  loss: "wasserstein",
  penalties: [{ name: "dragan" }],
  batchSize: 8,
  discriminatorSteps: 2,
  sharedFakes: false,
};

const openPictures = (seed = 5) => openTrainer(engine, pictureGame, pictures(), { seed, rates: RATES });

async function play(trainer: Awaited<ReturnType<typeof openPictures>>, rounds: number) {
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  const checkpoint = await trainer.save();
  await trainer.dispose();
  return checkpoint;
}

describe("a run that was stopped and resumed", () => {
  it("ends with the bytes of one that was not, whatever the round", async () => {
    const whole = await play(await openPictures(), 7);
    for (const stop of [1, 4]) {
      const file = path.join(folder, `${stop}.safetensors`);
      await writeCheckpoint(file, await play(await openPictures(), stop));
      const resumed = await openPictures();
      await resumed.restore(await readCheckpoint(file));
      expect(resumed.rounds).toBe(stop);
      expect(await play(resumed, 7 - stop), `stopped after ${stop}`).toEqual(whole);
    }
  });

  it("is the same for the same seed, and another for another", async () => {
    const first = await play(await openPictures(), 3);
    expect(await play(await openPictures(), 3)).toEqual(first);
    expect((await play(await openPictures(6), 3)).state).not.toEqual(first.state);
  });

  it("refuses a checkpoint of another game, naming what differs", async () => {
    const checkpoint = await play(await openPictures(), 1);
    const toy = await openTrainer(engine, toyGame("ring"), toyToTrainingData(TOY_DATA.ring, 1), {
      seed: 1,
      rates: RATES,
    });
    await expect(toy.restore(checkpoint)).rejects.toMatchObject({ code: "input.checkpoint-game" });
    await toy.dispose();
  });
});

describe("what a round records", () => {
  it("losses, judgements and a gradient norm of every weight array", async () => {
    const trainer = await openPictures();
    const { round, scalars, gradientNorms } = await trainer.playRound();
    expect(round).toBe(1);
    expect(Object.keys(scalars).sort()).toEqual([
      "discriminator/fake",
      "discriminator/loss",
      "discriminator/penalty",
      "discriminator/real",
      "discriminator/right-fake",
      "discriminator/right-real",
      "generator/loss",
    ]);
    for (const player of ["generator", "discriminator"] as const) {
      expect(gradientNorms[player]).toHaveLength(Object.keys(pictureGame[player].network.weights).length);
      expect(gradientNorms[player].every((norm) => Number.isFinite(norm) && norm >= 0)).toBe(true);
    }
    await trainer.dispose();
  });
});

describe("pictures as training data", () => {
  it("every pass gives each picture at most once, in an order of its own, as -1..1", () => {
    const data = picturesToTrainingData(
      Uint8Array.from({ length: 10 }, (_, i) => i * 20),
      [1, 1, 1],
      3,
    );
    const pass = () => [...data.next(4), ...data.next(4)].map((value) => Math.round((value + 1) * 127.5));
    const [first, second] = [pass(), pass()];
    for (const seen of [first, second]) expect(new Set(seen).size).toBe(8);
    expect(second).not.toEqual(first);
    expect(data.position).toMatchObject({ epoch: 1, taken: 8 });
    expect(Math.min(...first)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...first)).toBeLessThanOrEqual(180);
  });

  it("a batch larger than the data is refused", () => {
    expect(() => pictures().next(21)).toThrow(/at most 20 pictures, got 21/);
  });

  it("data of another shape than the networks' are refused", async () => {
    const other = picturesToTrainingData(pixels, [4, 16, 1], 1);
    await expect(openTrainer(engine, pictureGame, other, { seed: 1, rates: RATES })).rejects.toThrow(
      /data of shape \[4,16,1\].*\[8,8,1\]/,
    );
  });
});

describe("checkpoint files", () => {
  const small: Checkpoint = {
    state: { "generator/weights/dense1/weights": { data: Float32Array.of(1, 2, 3), shape: [3] } },
    progress: { rounds: 12, seed: 3, streams: { latent: 40 }, data: { epoch: 1, taken: 8, stream: 5 } },
  };

  it("hold what was written, and nothing else lies beside them", async () => {
    const place = await mkdtemp(path.join(folder, "one-"));
    const file = path.join(place, "c.safetensors");
    await writeCheckpoint(file, small);
    await writeCheckpoint(file, small);
    expect(await readCheckpoint(file)).toEqual(small);
    expect(await readdir(place)).toEqual(["c.safetensors"]);
  });

  it("cut off or mutated are read as they are, or refused", async () => {
    const file = path.join(folder, "m.safetensors");
    await writeCheckpoint(file, small);
    const bytes = await readFile(file);
    await fc.assert(
      fc.asyncProperty(mutationsOf(bytes), async (mutated) => {
        await writeFile(file, mutated);
        await holdsOrRefuses(() => readCheckpoint(file));
      }),
      { numRuns: 100 },
    );
    await writeFile(file, bytes.subarray(0, bytes.length - 4));
    await expect(readCheckpoint(file)).rejects.toMatchObject({ code: "input.checkpoint" });
    await expect(readCheckpoint(path.join(folder, "absent"))).rejects.toThrow(/nothing that can be read/);
  });
});
