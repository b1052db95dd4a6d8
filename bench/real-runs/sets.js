// Sets of real images with planted faults in grades: noise, blur, classes left out, images repeated, copies. Signals are
// kept under OUT, so that other thresholds need nothing made again.
//
//   node bench/real-runs/sets.js SHARED OUT [PART OF]
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openReal } from "./train.js";

const from = (name) => import(`../../dist/${name}.js`);

const SIDE = 1000;

/** `truth` must be found, `either` may be. */
const PLANTS = {
  good: { truth: ["healthy"] },
  "grain-6": { grain: 0.06, truth: [], either: ["healthy", "under-training"] },
  "grain-15": { grain: 0.15, truth: [], either: ["healthy", "under-training"] },
  "grain-30": { grain: 0.3, truth: ["under-training"] },
  noise: { grain: 1, truth: ["under-training"] },
  "blur-1": { blur: 1, truth: [], either: ["healthy", "under-training", "memorisation"] },
  "blur-3": { blur: 3, truth: ["under-training"] },
  "drop-1": { keep: 9, truth: ["partial-collapse"] },
  "drop-3": { keep: 7, truth: ["partial-collapse"] },
  "drop-5": { keep: 5, truth: ["partial-collapse"] },
  "one-class": { keep: 1, truth: ["mode-collapse"] },
  "repeat-8": { repeat: 8, truth: ["mode-collapse"], either: ["memorisation", "under-training"] },
  "repeat-40": { repeat: 40, truth: ["mode-collapse"], either: ["memorisation", "under-training"] },
  "one-class-grain": {
    keep: 1,
    grain: 0.3,
    truth: ["under-training"],
    either: ["mode-collapse", "partial-collapse"],
  },
  copies: { copies: true, truth: ["memorisation"] },
};

/** A network that was not trained on the classes cannot be asked for them. */
const EXTRACTORS = {
  mnist: ["digits", "pixels"],
  fashion: ["random-conv", "pixels"],
  cifar: ["random-conv"],
};

export const SETS = Object.entries(EXTRACTORS).flatMap(([data, extractors]) =>
  extractors.flatMap((extractor) =>
    Object.entries(PLANTS).flatMap(([name, { truth, either = [], ...plant }]) =>
      data === "cifar" && plant.keep
        ? []
        : [1, 2, 3, 4].map((seed) => ({
            name: `${data}-${name}-${extractor}-${seed}`,
            data,
            extractor,
            seed,
            plant,
            truth,
            either,
          })),
    ),
  ),
);

/** Boxes of 2 r + 1 pixels, twice. */
function blurPixels(pixels, [height, width, channels], radius) {
  const stride = height * width * channels;
  const along = (from, step, count, other, otherStep) => {
    const to = new Uint8Array(from.length);
    for (let start = 0; start < from.length; start += stride)
      for (let k = 0; k < channels; k++)
        for (let b = 0; b < other; b++)
          for (let a = 0; a < count; a++) {
            let [sum, n] = [0, 0];
            for (let d = Math.max(0, a - radius); d <= Math.min(count - 1, a + radius); d++, n++)
              sum += from[start + d * step + b * otherStep + k];
            to[start + a * step + b * otherStep + k] = sum / n;
          }
    return to;
  };
  const row = width * channels;
  const once = (from) => along(along(from, channels, width, height, row), row, height, width, channels);
  return once(once(pixels));
}

/** Images of a part, drawn by seed, of some classes. */
function drawImages({ pixels, shape, labels }, random, count, kept) {
  const stride = shape.reduce((product, side) => product * side, 1);
  const order = [...random.permutation(labels.length)]
    .filter((i) => !kept || kept.includes(labels[i]))
    .slice(0, count);
  const drawn = new Uint8Array(order.length * stride);
  for (const [at, i] of order.entries())
    drawn.set(pixels.subarray(i * stride, (i + 1) * stride), at * stride);
  return { pixels: drawn, shape };
}

async function specToImages({ data, seed, plant }, shared) {
  const { openRandomStream } = await from("train/random");
  const random = openRandomStream(seed, "evaluation");
  const { pixels } = await openReal(shared, data);
  const real = drawImages(pixels.train, random, 2 * SIDE);
  const kept = plant.keep && [...random.permutation(10)].slice(0, plant.keep);
  let fake = drawImages(pixels.heldOut, random, SIDE, kept);
  const { shape } = fake;
  const stride = shape.reduce((product, side) => product * side, 1);
  if (plant.copies) fake = { pixels: real.pixels.slice(0, SIDE * stride), shape };
  if (plant.repeat)
    fake = {
      pixels: Uint8Array.from({ length: SIDE * stride }, (_, i) => fake.pixels[i % (plant.repeat * stride)]),
      shape,
    };
  if (plant.blur) fake = { pixels: blurPixels(fake.pixels, shape, plant.blur), shape };
  if (plant.grain) {
    const [which, levels] = [0, 1].map(() => random.uniform(new Float32Array(fake.pixels.length)));
    fake = {
      pixels: fake.pixels.map((level, i) => (which[i] < plant.grain ? 256 * levels[i] : level)),
      shape,
    };
  }
  return { real, fake };
}

const extractors = new Map();

async function openNetwork(name) {
  const { openExtractor } = await from("extractors/open-extractor");
  const options = {
    extractor: name,
    resize: "tf1",
    batchSize: 50,
    engine: "onnx",
    device: "cpu",
    threads: 1,
  };
  if (!extractors.has(name)) extractors.set(name, (await openExtractor(options)).extractor);
  return extractors.get(name);
}

/** Bytes with one or three channels, as decoded images are. */
function toDecoded({ pixels, shape: [height, width, channels] }) {
  const area = height * width;
  return Array.from({ length: pixels.length / (area * channels) }, (_, i) => {
    const rgb = new Uint8Array(3 * area);
    for (let p = 0; p < area; p++)
      for (let k = 0; k < 3; k++)
        rgb[3 * p + k] = pixels[(i * area + p) * channels + (channels === 3 ? k : 0)];
    return { pixels: rgb, width, height, name: `#${i}` };
  });
}

export async function specToSides(spec, shared) {
  const { imagesToEnds } = await from("runs/evaluation/image-ends");
  const extractor = await openNetwork(spec.extractor);
  const end = extractor.featureEnd;
  const toSide = async (images) => {
    const ends = await imagesToEnds(images, extractor, {
      view: "whole",
      ends: [end],
      batchSize: 50,
      stage: "",
    });
    return { count: ends[end].rows, features: ends[end], images: toDecoded(images) };
  };
  const { real, fake } = await specToImages(spec, shared);
  return { real: await toSide(real), fake: await toSide(fake) };
}

async function specToSignals(spec, shared) {
  const { sidesToScores } = await from("evaluate/scores/score");
  const { idToMetric } = await from("metrics/table");
  const { SET_METRICS, sidesToSetSignals } = await from("diagnosis/set-signals");
  const sides = await specToSides(spec, shared);
  const metrics = SET_METRICS.map((id) => ({ row: idToMetric(id), parameters: idToMetric(id).defaults }));
  const scoring = { family: spec.extractor, floor: true, seed: 2020, threads: 1, warn: () => {} };
  const scores = await sidesToScores(metrics, sides, scoring);
  return sidesToSetSignals(sides, scores, { seed: 2020, threads: 1 });
}

if (process.argv[1] === import.meta.filename) {
  const [shared, out, part = 0, of = 1] = process.argv.slice(2);
  mkdirSync(out, { recursive: true });
  for (const [i, spec] of SETS.entries()) {
    const file = path.join(out, `${spec.name}.json`);
    if (i % Number(of) !== Number(part) || existsSync(file)) continue;
    const signals = await specToSignals(spec, shared);
    writeFileSync(`${file}.part`, JSON.stringify({ ...signals, scores: [...signals.scores] }));
    renameSync(`${file}.part`, file);
    console.log(spec.name);
  }
  process.exit(0);
}
