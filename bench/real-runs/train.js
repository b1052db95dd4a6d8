// Trains one case into a run's folder and keeps the samples of every evaluation as bytes, so that any network can score
// them later: samples-ROUND.u8, shape.json.
import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DATA } from "./cases.js";

const from = (name) => import(`../../dist/${name}.js`);

const opened = new Map();

/** Images of a data set at the model's size, with labels; read once a process. */
export async function openReal(shared, name, size) {
  const key = `${name}-${size ?? "own"}`;
  const { openData } = await from("train/open-data");
  if (!opened.has(key))
    opened.set(
      key,
      await openData(path.join(shared, "data", DATA[name].location), {
        labels: "read",
        onError: "fail",
        ...(size && { size }),
      }),
    );
  return opened.get(key);
}

/** The images of some classes, or the first `limit` of them. */
function chooseImages({ pixels, shape, labels, classes }, { only, limit }) {
  const stride = shape.reduce((product, side) => product * side, 1);
  const all = Array.from(labels, (_, i) => i);
  const chosen = (only ? all.filter((i) => only.includes(labels[i])) : all).slice(0, limit);
  const kept = new Uint8Array(chosen.length * stride);
  for (const [at, i] of chosen.entries())
    kept.set(pixels.subarray(i * stride, (i + 1) * stride), at * stride);
  return { pixels: kept, shape, labels: Int32Array.from(chosen, (i) => labels[i]), classes };
}

/** Batches of one training set and, from a batch on, of another. */
function changeAfter(first, second, batches) {
  let given = 0;
  return {
    ...{ shape: first.shape, count: first.count, classes: first.classes },
    get position() {
      return first.position;
    },
    jump: (position) => first.jump(position),
    next: (size) => (given++ < batches ? first : second).next(size),
  };
}

async function specToData(spec, data) {
  const { imagesToTrainingData } = await from("train/training-data");
  const { only, limit, thenOnly, after, rounds } = spec;
  const { train } = data.pixels;
  const toTraining = (images, seed) => imagesToTrainingData(images, seed);
  if (thenOnly) {
    const later = chooseImages(train, { only: thenOnly });
    const training = (seed) =>
      changeAfter(toTraining(train, seed), toTraining(later, seed), Math.round(after * rounds));
    return { ...data, training };
  }
  if (!only && !limit) return data;
  const kept = chooseImages(train, { only, limit });
  // The discriminator is probed on 2,048 images that it trains on.
  const times = Math.max(1, Math.ceil(2048 / kept.labels.length));
  const repeated = {
    ...kept,
    pixels: Uint8Array.from(
      { length: kept.pixels.length * times },
      (_, i) => kept.pixels[i % kept.pixels.length],
    ),
    labels: Int32Array.from(
      { length: kept.labels.length * times },
      (_, i) => kept.labels[i % kept.labels.length],
    ),
  };
  return {
    ...data,
    training: (seed) => toTraining(repeated, seed),
    pixels: { ...data.pixels, train: repeated },
  };
}

/** Rounds of the evaluations: evenly to the last. */
export const specToRounds = ({ rounds, evaluations }) =>
  Array.from({ length: evaluations }, (_, i) => Math.round(((i + 1) * rounds) / evaluations));

async function openSaving(folder, spec, { engine, game, trainer }) {
  const { openSampler } = await from("train/sampler");
  const { drawLatents } = await from("train/latent");
  const { drawLabels, labelsToOneHot } = await from("train/labels");
  const { openRandomStream } = await from("train/random");
  const { samplesToPixels } = await from("images/decode/samples-to-pixels");
  const sampler = await openSampler(engine, game.generator.network, trainer.generator, 100);
  return async () => {
    const random = openRandomStream(spec.seed, "evaluation");
    const latents = drawLatents(game.latent, spec.samples, random);
    const { classes } = game.generator.network;
    const labels = classes && labelsToOneHot(drawLabels(spec.samples, classes, random), classes);
    const samples = await sampler.sample(latents, labels);
    if (!samples.every(Number.isFinite)) return;
    writeFileSync(path.join(folder, `samples-${trainer.rounds}.u8`), samplesToPixels(samples));
  };
}

/** Trains a case into `folder`, which must not be there. */
export async function trainCase(spec, folder, shared) {
  const { choicesToOptions, optionsToModel } = await from("train/model");
  const { PRESETS } = await from("train/presets");
  const { openOnnxEngine } = await from("engine/compile");
  const { Trainer } = await from("train/trainer");
  const { createRun } = await from("run-folder/run");
  const { openInstruments } = await from("runs/instruments");
  const { trainRun } = await from("runs/train-run");
  const data = await specToData(spec, await openReal(shared, spec.data, PRESETS[spec.model.model].size));
  const facts = { shape: data.shape, classes: data.classes };
  const options = { ...choicesToOptions(spec.model, facts), ...(spec.rates && { rates: spec.rates }) };
  const game = await optionsToModel(options, facts);
  const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const { seed, rounds } = spec;
  const trainer = await Trainer.open(engine, game, data.training(seed), {
    seed,
    rates: options.rates,
    rounds,
  });
  const config = {
    ...options,
    ...{
      rounds,
      seed,
      evalEvery: 0,
      evalSamples: spec.samples,
      evalMetrics: [],
      extractor: null,
      earlyStop: 0,
    },
    ...{
      recordInterval: rounds > 500 ? 10 : 1,
      sampleInterval: 0,
      checkpointInterval: 1e9,
      keepCheckpoints: 1,
    },
    ...{ onNan: "stop", tensorboard: false, diagnoseEvery: 0, engine: "onnx", device: "cpu", threads: 1 },
  };
  const layersOf = ({ layers }) =>
    layers.map(({ name, kind, input, output, parameters }) => ({
      name,
      kind,
      input: [...input],
      output: [...output],
      parameters,
    }));
  const plan = {
    ...{ name: spec.name, command: [], versions: {}, config, rounds, seed },
    data: { label: data.label, shape: [...data.shape] },
    networks: {
      generator: layersOf(game.generator.network),
      discriminator: layersOf(game.discriminator.network),
    },
  };
  const clock = () => Date.now();
  rmSync(folder, { recursive: true, force: true });
  const run = await createRun(folder, plan, { clock });
  const save = await openSaving(folder, spec, { engine, game, trainer });
  const due = new Set(specToRounds(spec));
  const play = trainer.playRound.bind(trainer);
  trainer.playRound = async (measure) => {
    const record = await play(measure);
    if (due.has(trainer.rounds)) await save();
    return record;
  };
  writeFileSync(path.join(folder, "shape.json"), JSON.stringify(data.shape));
  const prepared = { data, game, engine, trainer, warnings: [], dispose: async () => {} };
  const watch = { clock, signal: new AbortController().signal, onProgress: () => {} };
  const instruments = await openInstruments(prepared, config, watch);
  await trainRun(run, config, prepared, instruments, watch).catch((error) => {
    if (error.code !== "run.diverged") throw error;
  });
  await instruments.dispose();
  rmSync(path.join(folder, "checkpoints"), { recursive: true, force: true });
  await engine.dispose();
}

if (process.argv[1] === import.meta.filename) {
  const { CASES } = await import("./cases.js");
  const [shared, out, part, of] = process.argv.slice(2);
  const { existsSync } = await import("node:fs");
  for (const [i, spec] of CASES.entries()) {
    const folder = path.join(out, spec.name);
    if (i % Number(of) !== Number(part) || existsSync(folder)) continue;
    const started = performance.now();
    try {
      await trainCase(spec, `${folder}.part`, shared);
      renameSync(`${folder}.part`, folder);
      console.log(spec.name, ((performance.now() - started) / 1000).toFixed(0), "s");
    } catch (error) {
      console.log(spec.name, error.stack);
    }
  }
}
