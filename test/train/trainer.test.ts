import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { samplesToModeCoverage } from "../../src/math/clusters/mode-coverage.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/train/checkpoint.ts";
import type { GanModel } from "../../src/train/gan-model.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { labelsToOneHot } from "../../src/train/labels.ts";
import { drawLatents } from "../../src/train/latent.ts";
import { BATCH_NORM } from "../../src/train/networks/layers.ts";
import { toyNetwork } from "../../src/train/networks/mlp.ts";
import { withSpectralNorm } from "../../src/train/networks/network.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { openSampler } from "../../src/train/sampler.ts";
import { TOY_DATA, type ToyName } from "../../src/train/toy-data.ts";
import type { Trainer, TrainerOptions } from "../../src/train/trainer.ts";
import { imagesToTrainingData, type TrainingData, toyToTrainingData } from "../../src/train/training-data.ts";
import {
  LINEAR,
  listToData,
  TINY,
  TINY_CLASSES,
  tinyAutoencoder,
  tinyDiscriminator,
  tinyGenerator,
  tinyImages,
  watch,
} from "./games.ts";

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

const RATES = { generator: 1e-3, discriminator: 2e-3 };
const OPTIONS: TrainerOptions = { seed: 5, rates: RATES, rounds: 10 };

const open = (game: GanModel, change: Partial<TrainerOptions> = {}, data: TrainingData = tinyImages()) =>
  openGanTrainer(engine, game, data, { ...OPTIONS, ...change });

/** Plays some rounds, and what is left then. */
async function play(trainer: Trainer, rounds: number): Promise<Checkpoint> {
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  const checkpoint = trainer.save();
  await trainer.dispose();
  return checkpoint;
}

const G = "generator/weights/dense1/weights";
const D = "discriminator/weights/dense1/weights";
const RATE = 0.1;
const LINEAR_RATES = { rates: { generator: RATE, discriminator: RATE } };

/** Plays rounds of one-weight players that begin at 0.5 and 0.2, on the batches 1, 3 and 2, 2. */
async function playLinear(game: GanModel, change: Partial<TrainerOptions> = {}, rounds = 1) {
  const data = listToData([
    [1, 3],
    [2, 2],
  ]);
  const trainer = await open(game, { ...LINEAR_RATES, ...change }, data);
  const { state, progress } = trainer.save();
  state[G].data[0] = 0.5;
  state[D].data[0] = 0.2;
  trainer.restore({ state, progress });
  let record = await trainer.playRound(true);
  for (let i = 1; i < rounds; i++) record = await trainer.playRound(true);
  const after = trainer.save();
  await trainer.dispose();
  return { g: after.state[G].data[0], d: after.state[D].data[0], record };
}

/** Means of the batches of latents that a run draws one after the other. */
function latentMeans(n: number): number[] {
  const random = openRandomStream(OPTIONS.seed, "latent");
  return Array.from({ length: n }, () => {
    const [a, b] = drawLatents(LINEAR.latent, 2, random);
    return (a + b) / 2;
  });
}

describe("a round of one-weight players, worked out by hand", () => {
  // E D(fake) - E D(real) = d (g z - 2), -E D(G(z)) = -d g z, with z a batch's mean.
  const [first, second, third] = latentMeans(3);

  it("the discriminator goes first, then the generator against the new one", async () => {
    const { g, d, record } = await playLinear(LINEAR);
    const newD = 0.2 - RATE * (0.5 * first - 2);
    expect(d).toBeCloseTo(newD, 6);
    expect(g).toBeCloseTo(0.5 + RATE * newD * second, 6);
    expect(record.scalars.discriminator_loss).toBeCloseTo(0.2 * (0.5 * first - 2), 6);
    expect(record.scalars.generator_loss).toBeCloseTo(-newD * 0.5 * second, 6);
    expect(record.scalars.real_logit).toBeCloseTo(0.4, 6);
    expect(record.scalars.fake_logit).toBeCloseTo(0.1 * first, 6);
    expect(record.scalars.real_accuracy).toBe(1);
    expect(record.scalars.discriminator_gradient_norm).toBeCloseTo(Math.abs(0.5 * first - 2), 5);
    expect(record.scalars.generator_gradient_norm).toBeCloseTo(Math.abs(newD * second), 5);
  });

  it("with shared fakes both look at the weights of before, and at the same fakes", async () => {
    const { g, d } = await playLinear({ ...LINEAR, sharedFakes: true });
    expect(g).toBeCloseTo(0.5 + RATE * 0.2 * first, 6);
    expect(d).toBeCloseTo(0.2 - RATE * (0.5 * first - 2), 6);
  });

  it("several steps of a player see batches of their own", async () => {
    const data = await playLinear({ ...LINEAR, discriminatorSteps: 2 });
    const newD = 0.2 - RATE * (0.5 * first - 2) - RATE * (0.5 * second - 2);
    expect(data.d).toBeCloseTo(newD, 6);
    expect(data.g).toBeCloseTo(0.5 + RATE * newD * third, 6);
    const { g } = await playLinear({ ...LINEAR, generatorSteps: 2 });
    const oneD = 0.2 - RATE * (0.5 * first - 2);
    expect(g).toBeCloseTo(0.5 + RATE * oneD * (second + third), 6);
  });

  it("each discriminator step has new real samples", async () => {
    const { engine: watched, fed } = watch(engine);
    const data = listToData([
      [1, 3],
      [2, 2],
      [5, 6],
    ]);
    const game: GanModel = { ...LINEAR, loss: "relativistic", discriminatorSteps: 2, generatorSteps: 2 };
    const trainer = await openGanTrainer(watched, game, data, OPTIONS);
    await play(trainer, 1);
    // The generator's steps look at those of the discriminator's last.
    expect(fed.map(({ real }) => [...real])).toEqual([
      [1, 3],
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
  });

  it("clipping holds the discriminator's weights, not the generator's", async () => {
    const { g, d } = await playLinear({ ...LINEAR, clipValue: 0.01 });
    expect(d).toBeCloseTo(0.01, 8);
    expect(g).toBeCloseTo(0.5 + RATE * 0.01 * second, 6);
  });

  it("a bound on the gradients' norm holds for the step and for what is recorded", async () => {
    const bounded = { ...LINEAR.discriminator, gradientClip: 0.25 };
    const { d, record } = await playLinear({ ...LINEAR, discriminator: bounded });
    expect(d).toBeCloseTo(0.2 + RATE * 0.25, 6);
    expect(record.scalars.discriminator_gradient_norm).toBeCloseTo(0.25, 6);
  });

  it("the rates are the schedule's of each round", async () => {
    const { record } = await playLinear(LINEAR, { schedule: "linear", rounds: 4 }, 3);
    expect(record.scalars.generator_rate).toBeCloseTo(RATE / 2, 12);
    const one = await playLinear(LINEAR);
    const moved = await playLinear(LINEAR, { schedule: "linear", rounds: 2 }, 2);
    const full = await playLinear(LINEAR, {}, 2);
    expect((moved.d - one.d) / (full.d - one.d)).toBeCloseTo(0.5, 5);
  });

  it("Adam counts every step of a player, not the rounds", async () => {
    const adam = { ...LINEAR.discriminator, optimizer: "adam" } as const;
    const { d } = await playLinear(
      { ...LINEAR, discriminator: adam, discriminatorSteps: 2 },
      { rates: { generator: 0, discriminator: RATE } },
      2,
    );
    // Two batches of latents for the discriminator, one for the generator that stands still, and again.
    const means = latentMeans(6);
    let [expected, m, v] = [0.2, 0, 0];
    [0, 1, 3, 4].forEach((batch, i) => {
      const gradient = 0.5 * means[batch] - 2;
      m = 0.5 * m + 0.5 * gradient;
      v = 0.999 * v + 0.001 * gradient ** 2;
      expected -= (RATE * (m / (1 - 0.5 ** (i + 1)))) / Math.sqrt(v / (1 - 0.999 ** (i + 1)));
    });
    expect(d).toBeCloseTo(expected, 5);
  });

  it("the penalty is part of the discriminator's step", async () => {
    const game: GanModel = { ...LINEAR, penalties: [{ name: "interpolated", weight: 3 }] };
    const { d, record } = await playLinear(game);
    expect(record.scalars.penalty).toBeCloseTo(3 * 0.64, 4);
    expect(d).toBeCloseTo(0.2 - RATE * (0.5 * first - 2 + 6 * -0.8), 4);
  });
});

const player = (
  network: GanModel["generator"]["network"],
  optimizer: GanModel["generator"]["optimizer"] = "adam",
) => ({
  network,
  optimizer,
});
const classes = TINY_CLASSES;
const own = { sharedFakes: false } as const;

/** Everything that a round can draw, carry or depend on. */
const GAMES: Readonly<
  Record<string, { readonly game: Partial<GanModel>; readonly options?: Partial<TrainerOptions> }>
> = {
  "shared fakes": { game: {} },
  "steps of both players, each with a penalty's random numbers": {
    game: {
      ...own,
      discriminatorSteps: 3,
      generatorSteps: 2,
      loss: "wasserstein",
      penalties: [{ name: "dragan" }],
      discriminator: player(tinyDiscriminator(), "rmsprop"),
    },
  },
  "a loss whose generator sees real images": { game: { ...own, loss: "relativistic-average" } },
  momentum: {
    game: { discriminator: { ...player(tinyDiscriminator(), "sgd"), optimizerOptions: { momentum: 0.9 } } },
  },
  "a running average": { game: { emaDecay: 0.9 } },
  "class labels": {
    game: {
      classes,
      generator: player(tinyGenerator(3, classes)),
      discriminator: player(tinyDiscriminator({ classes, outputs: 1 + classes })),
      auxiliaries: [{ name: "classification" }],
    },
  },
  codes: {
    game: {
      latent: { noise: 2, distribution: "uniform", categories: [3], codes: 2 },
      generator: player(tinyGenerator(7)),
      discriminator: player(tinyDiscriminator({ outputs: 6 })),
      auxiliaries: [{ name: "information" }],
    },
  },
  "instance noise": { game: { ...own, instanceNoise: 0.3 } },
  dropout: {
    game: { discriminator: player(tinyDiscriminator({ last: [{ kind: "dropout", rate: 0.4 }] })) },
  },
  "BEGAN's k": {
    game: {
      loss: "boundary-equilibrium",
      critic: { kind: "autoencoder", error: "absolute" },
      discriminator: player(tinyAutoencoder()),
      ...{ gamma: 2, lambdaK: 0.1 },
    },
  },
  packing: { game: { packing: 2, batchSize: 4, discriminator: player(tinyDiscriminator({ packing: 2 })) } },
  "a schedule": { game: {}, options: { schedule: "cosine" } },
  "a spectral norm": { game: { ...own, discriminator: player(withSpectralNorm(tinyDiscriminator())) } },
};

const openRow = (name: string, change: Partial<TrainerOptions> = {}) =>
  open({ ...TINY, ...GAMES[name].game }, { ...GAMES[name].options, ...change });

describe.each(Object.keys(GAMES))("a run with %s", (name) => {
  it("that was stopped and resumed ends with the bytes of one that was not, and the same records", async () => {
    const whole = await openRow(name);
    const records = [];
    for (let i = 0; i < 6; i++) records.push(await whole.playRound(true));
    const expected = await play(whole, 0);
    for (const stop of [1, 4]) {
      const file = path.join(folder, `${stop}.safetensors`);
      await writeCheckpoint(file, await play(await openRow(name), stop));
      const resumed = await openRow(name);
      resumed.restore(await readCheckpoint(file));
      expect(resumed.rounds).toBe(stop);
      expect(await resumed.playRound(true)).toEqual(records[stop]);
      expect(await play(resumed, 5 - stop), `stopped after ${stop}`).toEqual(expected);
    }
  });

  it("is the same for the same seed, measured or not, and another for another", async () => {
    const first = await play(await openRow(name), 3);
    const measured = await openRow(name);
    await measured.playRound();
    await measured.playRound(true);
    expect(await play(measured, 1)).toEqual(first);
    const { state } = await play(await openRow(name, { seed: 6 }), 3);
    expect(state[G]).not.toEqual(first.state[G]);
    expect(first.state[G]).not.toEqual((await play(await openRow(name), 0)).state[G]);
  });
});

describe("a checkpoint", () => {
  it("does not change as the trainer plays on", async () => {
    const trainer = await open(TINY);
    await trainer.playRound();
    const checkpoint = trainer.save();
    const copy = structuredClone(checkpoint);
    await trainer.playRound();
    expect(checkpoint).toEqual(copy);
    trainer.restore(checkpoint);
    expect(trainer.save()).toEqual(copy);
    await trainer.dispose();
  });

  it.each<[string, GanModel, RegExp]>([
    [
      "of other networks",
      {
        ...TINY,
        discriminator: player(tinyDiscriminator({ last: [{ kind: "batch-norm", ...BATCH_NORM }] })),
      },
      /got \[7\] for discriminator\/weights\/batch-norm1\/scale instead of nothing/,
    ],
    [
      "of other sizes",
      { ...TINY, latent: { noise: 4, distribution: "normal" }, generator: player(tinyGenerator(4)) },
      /got \[4,6\] for .*dense1\/weights instead of \[3,6\]/,
    ],
    [
      "of another optimizer",
      { ...TINY, discriminator: player(tinyDiscriminator(), "rmsprop") },
      /got nothing for discriminator\/first/,
    ],
    [
      "without the running average",
      { ...TINY, emaDecay: 0.9 },
      /got \[.*\] for generator\/average.* instead of nothing/,
    ],
  ])("%s is refused, naming what differs, and nothing changes", async (_what, game, message) => {
    const trainer = await open(TINY);
    const before = trainer.save();
    const other = await play(await open(game), 1);
    expect(() => trainer.restore(other)).toThrow(
      expect.objectContaining({ code: "input.checkpoint-game", message: expect.stringMatching(message) }),
    );
    expect(await play(trainer, 0)).toEqual(before);
  });
});

/** As the tiny images, in two classes. */
const twoClasses = () =>
  imagesToTrainingData(
    {
      pixels: new Uint8Array(80),
      shape: [2, 2, 1],
      labels: Int32Array.from({ length: 20 }, (_, i) => i % 2),
      classes: 2,
    },
    1,
  );

describe("a divergence", () => {
  const diverging = (): Promise<Trainer> =>
    open({ ...TINY, loss: "wasserstein", ...own }, { rates: { generator: 1e30, discriminator: 1e30 } });

  it("ends with run.diverged and the losses, and what to do", async () => {
    const trainer = await diverging();
    const playing = async () => {
      for (let i = 0; i < 20; i++) await trainer.playRound();
    };
    await expect(playing()).rejects.toMatchObject({
      code: "run.diverged",
      message: expect.stringMatching(
        /finite losses, got .*(generator|discriminator)\/loss -?(NaN|Infinity).* in round \d+/,
      ),
      hint: expect.stringMatching(/smaller learning rate/),
    });
    await trainer.dispose();
  });

  it("can be gone back on: from a checkpoint, with smaller rates that the next checkpoint keeps", async () => {
    const trainer = await diverging();
    const before = trainer.save();
    await expect(
      (async () => {
        for (let i = 0; i < 20; i++) await trainer.playRound();
      })(),
    ).rejects.toMatchObject({ code: "run.diverged" });
    trainer.restore(before);
    expect(trainer.save()).toEqual(before);
    trainer.rateFactor = 1e-33;
    const { scalars } = await trainer.playRound(true);
    expect(scalars.generator_rate).toBeCloseTo(1e-3, 9);
    for (let i = 0; i < 20; i++) await trainer.playRound();
    const after = await play(trainer, 0);
    expect(after.progress.numbers.rateFactor).toBe(1e-33);
    expect(after.state[G].data.every(Number.isFinite)).toBe(true);
    const resumed = await diverging();
    resumed.restore(after);
    expect(resumed.rateFactor).toBe(1e-33);
    await resumed.dispose();
  });
});

describe("the running average", () => {
  it("of weights and of running statistics is decay of itself and the rest of the new ones, shorter at first", async () => {
    const decay = 0.5;
    const trainer = await open({ ...TINY, ...own, emaDecay: decay });
    const arrays = (part: "" | "average/") => {
      const { state } = trainer.save();
      const prefix = `generator/${part}`;
      return Object.entries(state).flatMap(([name, { data }]) =>
        /^(weights|buffers)\//.test(name.slice(prefix.length)) && name.startsWith(prefix) ? [...data] : [],
      );
    };
    let expected = arrays("");
    expect(arrays("average/")).toEqual(expected);
    // (1 + t) / (10 + t) reaches a half after 8 steps.
    for (let t = 1; t <= 12; t++) {
      await trainer.playRound();
      const now = Math.min(decay, (1 + t) / (10 + t));
      expected = arrays("").map((value, i) => now * expected[i] + (1 - now) * value);
      // Numbers around 1, rounded three times a step and halved as often.
      arrays("average/").forEach((value, i) => {
        expect(Math.abs(value - expected[i]), `${t}: ${i}`).toBeLessThan(1e-6);
      });
    }
    const { generator } = trainer;
    expect(Object.values(generator).flatMap(({ data }) => [...data])).toEqual(arrays("average/"));
    await trainer.dispose();
  });

  it("changes nothing of the game itself", async () => {
    const plain = await play(await open(TINY), 4);
    const { state } = await play(await open({ ...TINY, emaDecay: 0.9 }), 4);
    for (const [name, array] of Object.entries(plain.state)) expect(state[name], name).toEqual(array);
  });
});

describe("what a round is fed", () => {
  it("instance noise falls evenly to zero over the run, and is anew for each place and round", async () => {
    const { engine: watched, fed } = watch(engine);
    const game: GanModel = { ...TINY, instanceNoise: 0.4 };
    const trainer = await openGanTrainer(watched, game, tinyImages(), { ...OPTIONS, rounds: 4 });
    await play(trainer, 6);
    const deviations = fed.map((inputs) => inputs["instance-deviation"][0]);
    [0.4, 0.3, 0.2, 0.1, 0, 0].forEach((deviation, i) => {
      expect(deviations[i]).toBeCloseTo(deviation, 6);
    });
    const drawn = fed.flatMap((inputs) =>
      ["real", "fake", "own"].map((place) => `${inputs[`instance/${place}`]}`),
    );
    expect(new Set(drawn).size).toBe(18);
  });

  it("labels of real images are their own, and fake ones' are drawn from all classes", async () => {
    const { engine: watched, fed } = watch(engine);
    const { game } = GAMES["class labels"];
    await play(await openGanTrainer(watched, { ...TINY, ...game }, tinyImages(), OPTIONS), 6);
    const data = tinyImages();
    for (const inputs of fed) {
      const { samples, labels } = data.next(TINY.batchSize);
      expect(inputs.real).toEqual(samples);
      expect(inputs["real-labels"]).toEqual(labelsToOneHot(labels!, classes));
    }
    const drawn = fed.flatMap((inputs) => [...inputs["latent-labels"]]);
    const counts = [0, 1, 2].map((label) => drawn.filter((x, i) => i % 3 === label && x === 1).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(48);
    expect(Math.min(...counts)).toBeGreaterThan(5);
  });

  it("BEGAN's k is what the energies of the round before made of it", async () => {
    const { engine: watched, fed } = watch(engine);
    const balance = { gamma: 2, lambdaK: 0.1 };
    const game: GanModel = { ...TINY, ...GAMES["BEGAN's k"].game, ...balance };
    const trainer = await openGanTrainer(watched, game, tinyImages(), OPTIONS);
    let expected = 0;
    for (let i = 0; i < 4; i++) {
      const { scalars } = await trainer.playRound(true);
      expect(fed[i].balance[0]).toBeCloseTo(expected, 6);
      expected += balance.lambdaK * (balance.gamma * -scalars.real_logit + scalars.fake_logit);
      expect(scalars.balance).toBeCloseTo(expected, 6);
    }
    expect(expected).toBeGreaterThan(0.01);
    await trainer.dispose();
  });
});

describe("data and game that do not fit together are refused", () => {
  it.each<[string, Partial<GanModel>, () => TrainingData, string, RegExp]>([
    [
      "data of another shape",
      {},
      () => listToData([[1]], [4]),
      "usage.network",
      /data of shape \[4\], got a generator of \[2,2,1\]/,
    ],
    [
      "data without labels for a game that reads them",
      GAMES["class labels"].game,
      () => listToData([[1]], [2, 2, 1]),
      "usage.labels",
      /with class labels .* got none/,
    ],
    ["data of other classes", GAMES["class labels"].game, twoClasses, "usage.labels", /of 3 classes, got 2/],
    [
      "fewer images than a step's samples",
      { batchSize: 11, packing: 2, discriminator: player(tinyDiscriminator({ packing: 2 })) },
      tinyImages,
      "usage.batch-size",
      /at most 20 images, got 22/,
    ],
  ])("%s", async (_what, change, data, code, message) => {
    await expect(open({ ...TINY, ...change }, {}, data())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

it("passes over the data are counted", async () => {
  const trainer = await open(TINY);
  expect(trainer.epochs).toBe(0);
  await trainer.playRound();
  expect(trainer.epochs).toBeCloseTo(8 / 20, 12);
  await trainer.playRound();
  await trainer.playRound();
  expect(trainer.epochs).toBeCloseTo(1 + 8 / 20, 12);
  await trainer.dispose();
});

const toyGame = (name: ToyName): GanModel => ({
  generator: player(toyNetwork(2, TOY_DATA[name].d, { hidden: 2, units: 64 })),
  discriminator: player(toyNetwork(TOY_DATA[name].d, 1, { hidden: 2, units: 64 })),
  loss: "non-saturating",
  latent: { noise: 2, distribution: "normal" },
  batchSize: 128,
  discriminatorSteps: 1,
  sharedFakes: false,
});

async function learnToy(name: ToyName, game: GanModel, rounds: number): Promise<Float32Array> {
  const rates = { generator: 1e-3, discriminator: 1e-3 };
  const data = toyToTrainingData(TOY_DATA[name], 1);
  const trainer = await openGanTrainer(engine, game, data, { seed: 1, rates, rounds });
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  const sampler = await openSampler(engine, game.generator.network, trainer.generator, 1000);
  const samples = await sampler.sample(openRandomStream(1, "preview").normal(new Float32Array(2 * 2500)));
  await Promise.all([trainer.dispose(), sampler.dispose()]);
  return samples;
}

describe("learning", () => {
  it("two Gaussians on a line: both modes, most samples at one of them", async () => {
    const game: GanModel = { ...toyGame("two-gaussians-1d"), penalties: [{ name: "r1", weight: 0.1 }] };
    const samples = await learnToy("two-gaussians-1d", game, 2000);
    const coverage = samplesToModeCoverage(samples, TOY_DATA["two-gaussians-1d"].mixture);
    expect(coverage.captured).toBe(2);
    expect(coverage.highQuality).toBeGreaterThan(0.8);
    expect(coverage.reverseKl).toBeLessThan(0.2);
  });

  it("a ring with the gradient penalty: all eight modes", async () => {
    const game: GanModel = {
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
