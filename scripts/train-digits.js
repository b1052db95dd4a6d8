// Trains the classifier behind `--extractor digits` on MNIST, through the engine's own compiled training step.
//   npm run build && node scripts/train-digits.js --data FOLDER [--seed 1] [--epochs 10] [--threads 2] [--out FILE]
// FOLDER holds MNIST's four IDX files, gzipped. The same seed on the same machine gives the same file.
import { createHash } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openOnnxEngine } from "../dist/engine/compile.js";
import * as tf from "../dist/engine/tfjs.js";
import { DIGITS_FEATURES, DIGITS_WEIGHTS, digitsNetwork } from "../dist/extractors/digits/digits-network.js";
import { safetensorsToBytes } from "../dist/formats/safetensors.js";
import { warpImage } from "./digits/augment.js";
import { readIdx } from "./digits/idx.js";
import { seedToRandom } from "./digits/random.js";

const BATCH = 128;
const PEAK_RATE = 3e-3;
/** The part of the steps in which the rate rises to its peak; it then falls to 0 along half a cosine. */
const WARM_UP = 0.15;
/** Adam's decay rates and epsilon. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.99, 1e-8];
/** The weights that are kept are a running mean over about 500 steps. */
const MEAN_DECAY = 0.998;
const DROPOUT = 0.3;
const PIXELS = 28 * 28;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    seed: { type: "string", default: "1" },
    epochs: { type: "string", default: "10" },
    threads: { type: "string", default: "2" },
    out: {
      type: "string",
      default: path.resolve(import.meta.dirname, "../src/extractors/digits/weights.safetensors"),
    },
  },
});
if (values.data === undefined) throw new Error("expected --data FOLDER with MNIST's four IDX files");
const [seed, epochs, threads] = [values.seed, values.epochs, values.threads].map(Number);

const NAMES = Object.keys(DIGITS_WEIGHTS);
const sizeOf = (shape) => shape.reduce((size, dim) => size * dim, 1);

function readSplit(split) {
  const file = (kind) => path.join(values.data, `${split}-${kind}-ubyte.gz`);
  return { images: readIdx(file("images-idx3")).bytes, labels: readIdx(file("labels-idx1")).bytes };
}

/** He's initialisation: normal, variance 2 / fan-in; biases 0. */
function drawWeights(random) {
  return Object.fromEntries(
    Object.entries(DIGITS_WEIGHTS).map(([name, shape]) => {
      const deviation = name.endsWith("biases") ? 0 : Math.sqrt(2 / sizeOf(shape.slice(0, -1)));
      return [
        name,
        { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal()) },
      ];
    }),
  );
}

/** The carried arrays: the weights, Adam's two moments of each, and the weights' running mean. */
function weightsToState(weights) {
  const state = {};
  for (const [name, { shape, data }] of Object.entries(weights)) {
    state[`weight ${name}`] = { shape, data };
    state[`mean ${name}`] = { shape, data: data.slice() };
    state[`first ${name}`] = { shape, data: new Float32Array(data.length) };
    state[`second ${name}`] = { shape, data: new Float32Array(data.length) };
  }
  return state;
}

/** One step of Adam on a batch; the rate, the bias corrections and the running mean's decay come from outside. */
function trainStep({ images, labels, dropout, rate, correction1, correction2, decay }, state) {
  const targets = tf.oneHot(labels, 10);
  const loss = (...tensors) => {
    const weights = Object.fromEntries(NAMES.map((name, i) => [name, tensors[i]]));
    return tf.losses.softmaxCrossEntropy(targets, digitsNetwork(images, weights, dropout).logits);
  };
  const { value, grads } = tf.valueAndGrads(loss)(NAMES.map((name) => state[`weight ${name}`]));
  const next = {};
  for (const [i, name] of NAMES.entries()) {
    const first = tf.add(tf.mul(state[`first ${name}`], BETA1), tf.mul(grads[i], 1 - BETA1));
    const second = tf.add(tf.mul(state[`second ${name}`], BETA2), tf.mul(tf.square(grads[i]), 1 - BETA2));
    const scale = tf.add(tf.sqrt(tf.mul(second, correction2)), EPSILON);
    const step = tf.div(tf.mul(first, tf.mul(rate, correction1)), scale);
    const weight = tf.sub(state[`weight ${name}`], step);
    next[`weight ${name}`] = weight;
    next[`first ${name}`] = first;
    next[`second ${name}`] = second;
    next[`mean ${name}`] = tf.add(weight, tf.mul(tf.sub(state[`mean ${name}`], weight), decay));
  }
  return { outputs: { loss: value }, state: next };
}

function rateAt(progress) {
  if (progress < WARM_UP) return (PEAK_RATE * progress) / WARM_UP;
  return (PEAK_RATE * (1 + Math.cos((Math.PI * (progress - WARM_UP)) / (1 - WARM_UP)))) / 2;
}

async function openClassifier(engine, rows) {
  const signature = Object.fromEntries(
    Object.entries(DIGITS_WEIGHTS).map(([name, shape]) => [name, { shape }]),
  );
  return engine.compile(
    ({ images, ...weights }) => ({ classes: tf.argMax(digitsNetwork(images, weights).logits, 1) }),
    { images: { shape: [rows, 28, 28, 1] }, ...signature },
    { name: "digits-classifier" },
  );
}

/** The share of images whose largest logit is their label's. */
async function accuracyOf(classifier, rows, weights, { images, labels }) {
  let right = 0;
  for (let start = 0; start < labels.length; start += rows) {
    const batch = Float32Array.from(images.subarray(start * PIXELS, (start + rows) * PIXELS), (v) => v / 255);
    const { classes } = await classifier.run({ images: batch, ...weights });
    for (const [i, predicted] of classes.data.entries()) if (predicted === labels[start + i]) right++;
  }
  return right / labels.length;
}

async function keptWeights(step) {
  const state = await step.readState();
  return Object.fromEntries(NAMES.map((name) => [name, state[`mean ${name}`].data]));
}

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
const random = seedToRandom(seed);
const train = readSplit("train");
const test = readSplit("t10k");
const engine = await openOnnxEngine({ device: "cpu", threads });
const step = await engine.compileStep(
  trainStep,
  {
    images: { shape: [BATCH, 28, 28, 1] },
    labels: { shape: [BATCH], dtype: "int32" },
    dropout: { shape: [BATCH, DIGITS_FEATURES] },
    rate: { shape: [] },
    correction1: { shape: [] },
    correction2: { shape: [] },
    decay: { shape: [] },
  },
  weightsToState(drawWeights(random)),
  { name: "digits-step" },
);
const ROWS = 1000;
const classifier = await openClassifier(engine, ROWS);
console.log(`compiled after ${seconds()} s`);

const order = Uint32Array.from({ length: train.labels.length }, (_, i) => i);
const batches = Math.floor(order.length / BATCH);
const batch = {
  images: new Float32Array(BATCH * PIXELS),
  labels: new Int32Array(BATCH),
  dropout: new Float32Array(BATCH * DIGITS_FEATURES),
};
let k = 0;
for (let epoch = 1; epoch <= epochs; epoch++) {
  random.shuffle(order);
  let sum = 0;
  for (let b = 0; b < batches; b++) {
    for (let row = 0; row < BATCH; row++) {
      const index = order[b * BATCH + row];
      warpImage(train.images, index, random, batch.images, row);
      batch.labels[row] = train.labels[index];
    }
    for (let i = 0; i < batch.dropout.length; i++)
      batch.dropout[i] = random.next() < DROPOUT ? 0 : 1 / (1 - DROPOUT);
    k++;
    const { loss } = await step.run({
      ...batch,
      rate: Float32Array.of(rateAt((k - 1) / (epochs * batches))),
      correction1: Float32Array.of(1 / (1 - BETA1 ** k)),
      correction2: Float32Array.of(1 / (1 - BETA2 ** k)),
      decay: Float32Array.of(Math.min(MEAN_DECAY, k / (9 + k))),
    });
    sum += loss.data[0];
  }
  const weights = await keptWeights(step);
  const accuracy = await accuracyOf(classifier, ROWS, weights, test);
  console.log(
    `epoch ${epoch}: loss ${(sum / batches).toFixed(4)}, test ${(100 * accuracy).toFixed(2)} %, ${seconds()} s`,
  );
}

const weights = await keptWeights(step);
console.log(`train ${(100 * (await accuracyOf(classifier, ROWS, weights, train))).toFixed(2)} %`);
console.log(`test ${(100 * (await accuracyOf(classifier, ROWS, weights, test))).toFixed(2)} %`);
const tensors = NAMES.map((name) => [name, { data: weights[name], shape: DIGITS_WEIGHTS[name] }]);
const file = safetensorsToBytes(tensors, { data: "MNIST", seed: String(seed), epochs: String(epochs) });
writeFileSync(`${values.out}.part`, file);
renameSync(`${values.out}.part`, values.out);
console.log(`${values.out}: ${file.length} bytes, sha256 ${createHash("sha256").update(file).digest("hex")}`);
await engine.dispose();
