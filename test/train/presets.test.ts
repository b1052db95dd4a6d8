import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { GanModel } from "../../src/train/gan-model.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { drawLabels, labelsToOneHot } from "../../src/train/labels.ts";
import { drawLatents, latentWidth } from "../../src/train/latent.ts";
import { choicesToOptions, type ModelChoices, optionsToModel } from "../../src/train/model.ts";
import type { Layer } from "../../src/train/networks/layers.ts";
import { layersToNetwork } from "../../src/train/networks/network.ts";
import { PRESETS, type Preset, type PresetName } from "../../src/train/presets.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { openSampler } from "../../src/train/sampler.ts";
import { imagesToTrainingData, type TrainingData } from "../../src/train/training-data.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const names = Object.keys(PRESETS) as PresetName[];
const presetOf = (name: PresetName): Preset => PRESETS[name];
const seed = 1;

const IMAGE = [16, 16, 1] as const;
const CLASSES = 10;
const images = (): TrainingData =>
  imagesToTrainingData(
    {
      pixels: Uint8Array.from(
        openRandomStream(seed, "data").uniform(new Float32Array(12 * 256)),
        (x) => 256 * x,
      ),
      shape: IMAGE,
      labels: Int32Array.from({ length: 12 }, (_, i) => i % CLASSES),
      classes: CLASSES,
    },
    seed,
  );

describe.each(names)("%s on its own networks", (name) => {
  it("plays two rounds on images, all numbers finite, and every layer moves", async () => {
    const options = choicesToOptions({ model: name, batchSize: 4 }, { shape: IMAGE, classes: CLASSES });
    const game = await optionsToModel(options, { shape: IMAGE, classes: CLASSES });
    const trainer = await openGanTrainer(engine, game, images(), { seed, rates: options.rates, rounds: 2 });
    for (let i = 0; i < 2; i++) {
      const { scalars, layers } = await trainer.playRound(true);
      expect(Object.values(scalars).every(Number.isFinite), JSON.stringify(scalars)).toBe(true);
      for (const { layer, ratio } of [...layers.generator, ...layers.discriminator])
        expect(ratio, layer).toBeGreaterThan(0);
    }
    await trainer.dispose();
  });
});

/** Blobs of deviation 0.3 without an end, each a class. */
function blobs(centres: readonly (readonly [number, number])[]): TrainingData {
  const random = openRandomStream(seed, "data");
  return {
    shape: [2],
    classes: centres.length,
    get position() {
      return { epoch: 0, taken: 0, stream: random.position };
    },
    jump: ({ stream }) => random.jump(stream),
    next(size) {
      const labels = drawLabels(size, centres.length, random);
      const samples = random.normal(new Float32Array(2 * size));
      for (let i = 0; i < samples.length; i++) samples[i] = 0.3 * samples[i] + centres[labels[i >> 1]][i % 2];
      return { samples, labels };
    },
  };
}

interface Learned {
  readonly game: GanModel;
  /** Fake points, in pairs, and the latents and labels that they were made of. */
  readonly points: Float32Array;
  readonly latents: Float32Array;
  readonly labels: Int32Array;
  /** The discriminator's outputs for points, row-major. */
  judge(points: Float32Array): Promise<Float32Array>;
}

/** Points that are judged. */
const N = 1000;

const rateOf = (rate: number) => ({ generator: rate, discriminator: rate });
const leaky: Layer = { kind: "leaky-relu", slope: 0.2 };
const dense = (units: number): Layer => ({ kind: "dense", units });

/** Leaky units, as the presets' own discriminators have: under a strong penalty plain ones die. */
function withLeakyUnits(game: GanModel): GanModel {
  const { input, layers } = game.discriminator.network;
  const network = layersToNetwork(
    input,
    layers.map(({ layer }) => (layer!.kind === "relu" ? leaky : layer!)),
  );
  return { ...game, discriminator: { ...game.discriminator, network } };
}

/**
 * Plays about a second of a model on points, with small networks and an average of the generator: players circle around
 * the answer. `swap` puts networks for points in the places of a model's own, which are for images.
 */
async function learn(
  choices: ModelChoices,
  data: TrainingData,
  swap?: (game: GanModel) => GanModel,
): Promise<Learned> {
  const facts = { shape: swap ? IMAGE : [2], classes: data.classes };
  const small = { hiddenUnits: 32, batchSize: 64, emaDecay: 0.99, rates: rateOf(2e-3) };
  const options = choicesToOptions({ ...small, ...choices }, facts);
  const game = (swap ?? withLeakyUnits)(await optionsToModel(options, facts));
  const rounds = options.discriminatorSteps > 1 ? 500 : 1000;
  const trainer = await openGanTrainer(engine, game, data, { seed, rates: options.rates, rounds });
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  const generator = await openSampler(engine, game.generator.network, trainer.generator, N);
  const discriminator = await openSampler(engine, game.discriminator.network, trainer.discriminator, N);
  const latents = drawLatents(game.latent, N, openRandomStream(seed, "preview"));
  const labels = drawLabels(N, data.classes ?? 1, openRandomStream(seed, "evaluation"));
  const points = await generator.sample(latents, labelsToOneHot(labels, data.classes ?? 1));
  await Promise.all([trainer.dispose(), generator.dispose()]);
  return { game, points, latents, labels, judge: (at) => discriminator.sample(at) };
}

/** How far the mean of some points is from where it should be. */
function distance(
  points: Float32Array,
  centre: readonly number[],
  chosen: (i: number) => boolean = () => true,
) {
  const sum = [0, 0];
  let count = 0;
  for (let i = 0; i < points.length / 2; i++)
    if (chosen(i)) {
      count++;
      for (const axis of [0, 1]) sum[axis] += points[2 * i + axis];
    }
  return Math.hypot(sum[0] / count - centre[0], sum[1] / count - centre[1]);
}

/** Where the largest of some columns of a row is. */
function largest(rows: Float32Array, width: number, i: number, from: number, to: number): number {
  const row = [...rows.subarray(i * width + from, i * width + to)];
  return row.indexOf(Math.max(...row));
}

/** 1.8 from the origin, where the generator begins. */
const BLOB = [1.5, -1] as const;
const TWO = [BLOB, [-1, 0.5]] as const;
const THREE = [
  [-1, 0.8],
  [1, 0.8],
  [0, -1],
] as const;

const ofKind = (kind: (preset: Preset) => boolean) => names.filter((name) => kind(presetOf(name)));
const isAutoencoder = ({ critic }: Preset) => critic?.kind === "autoencoder";
const classifies = ({ auxiliaries = [] }: Preset) =>
  auxiliaries.some(({ name }) => name === "classification" || name === "semi-supervised");

describe.each(ofKind((preset) => !isAutoencoder(preset) && !preset.conditional && !preset.auxiliaries))(
  "%s on points",
  (name) => {
    it("moves the generator to where the data are", async () => {
      // Plain gradient descent takes other rates than the rest.
      const rates = presetOf(name).optimizer === "sgd" ? { rates: undefined } : {};
      const { points } = await learn({ model: name, ...rates }, blobs([BLOB]));
      expect(distance(points, BLOB)).toBeLessThan(0.4);
    });
  },
);

describe.each(ofKind(isAutoencoder))("%s on points", (name) => {
  it("moves the generator to where the data are, judged by an autoencoder of points", async () => {
    const generator = layersToNetwork([2], [dense(32), leaky, dense(2)]);
    const discriminator = layersToNetwork(
      [2],
      [dense(32), leaky, dense(1), { kind: "mark", name: "embedding" }, dense(32), leaky, dense(2)],
    );
    const { points } = await learn(
      { model: name, latentDim: 2, rates: rateOf(1e-3) },
      blobs([BLOB]),
      (game) => ({
        ...game,
        generator: { ...game.generator, network: generator },
        discriminator: { ...game.discriminator, network: discriminator },
      }),
    );
    expect(distance(points, BLOB)).toBeLessThan(0.4);
  });
});

describe.each(ofKind(({ conditional }) => conditional === true))("%s on points of two classes", (name) => {
  it("makes the class that it is asked for", async () => {
    const { points, labels } = await learn({ model: name }, blobs(TWO));
    for (const [label, centre] of TWO.entries()) {
      expect(distance(points, centre, (i) => labels[i] === label)).toBeLessThan(0.4);
    }
  });
});

describe.each(ofKind(classifies))("%s on points of two classes", (name) => {
  it("tells the classes of real points, and makes points like them", async () => {
    const { game, judge, points } = await learn({ model: name }, blobs(TWO));
    const { samples, labels } = blobs(TWO).next(N);
    const outputs = await judge(samples);
    const width = game.discriminator.network.output[0];
    // Behind the logit; sgan's class of fake points is not asked for.
    const right = labels!.filter((label, i) => largest(outputs, width, i, 1, 1 + TWO.length) === label);
    expect(right.length / N).toBeGreaterThan(0.98);
    const near = (i: number) =>
      TWO.some(([x, y]) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y) < 1);
    expect(Array.from({ length: N }, (_, i) => near(i)).filter(Boolean).length / N).toBeGreaterThan(0.9);
  });
});

describe("infogan on points of three modes", () => {
  it("makes another mode for each code, and tells the code of a point", async () => {
    const { game, points, latents, judge } = await learn(
      { model: "infogan", categories: [THREE.length], rates: rateOf(4e-3) },
      blobs(THREE),
    );
    const { noise } = game.latent;
    const width = latentWidth(game.latent);
    const codes = Array.from({ length: N }, (_, i) =>
      largest(latents, width, i, noise, noise + THREE.length),
    );
    const modes = Array.from({ length: N }, (_, i) => {
      const away = THREE.map(([x, y]) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y));
      return away.indexOf(Math.min(...away));
    });
    const shares = THREE.map((_, code) => THREE.map((_, mode) => share(codes, code, modes, mode)));
    const chosen = shares.map((row) => row.indexOf(Math.max(...row)));
    expect(new Set(chosen).size).toBe(THREE.length);
    for (const row of shares) expect(Math.max(...row)).toBeGreaterThan(0.95);
    const outputs = await judge(points);
    const [told] = game.discriminator.network.output;
    const right = codes.filter((code, i) => largest(outputs, told, i, 1, 1 + THREE.length) === code);
    expect(right.length / N).toBeGreaterThan(0.95);
  });
});

/** Of the points of a code, those at a mode. */
function share(codes: readonly number[], code: number, modes: readonly number[], mode: number): number {
  const own = modes.filter((_, i) => codes[i] === code);
  return own.filter((at) => at === mode).length / own.length;
}
