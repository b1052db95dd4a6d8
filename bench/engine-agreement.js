// Values, gradients and gradients of gradients of what networks are made of, on every engine: how far each is from the
// onnx engine, |a - b| / |b|. Prints what is farther than 1e-5, or does not run.
//
//   npm run build && node bench/engine-agreement.js [--engines tensorflow,wasm,cpu]
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { loadTensorflow } from "../dist/engine/tensorflow.js";

const { values } = parseArgs({ options: { engines: { type: "string", default: "tensorflow,wasm,cpu" } } });
const tf = await loadTensorflow();

const INPUTS = { x: [2, 10, 10, 4], filter: [3, 3, 4, 6], depthFilter: [3, 3, 4, 2] };

function seededArray(shape, seed) {
  let state = seed;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Each a function of one tensor, given the others. */
const FUNCTIONS = {
  "conv2d in x": (i) => (x) => tf.conv2d(x, i.filter, 2, "same"),
  "conv2d in its filter": (i) => (filter) => tf.conv2d(i.x, filter, 1, "valid"),
  "depthwise conv2d": (i) => (x) => tf.depthwiseConv2d(x, i.depthFilter, 1, "same"),
  "transposed conv2d": (i) => (x) =>
    tf.conv2dTranspose(x, tf.transpose(i.filter, [0, 1, 3, 2]), [2, 20, 20, 6], 2, "same"),
  "max pool": () => (x) => tf.maxPool(x, 3, 2, "same"),
  "average pool, same": () => (x) => tf.avgPool(x, 3, 1, "same"),
  "average pool, valid": () => (x) => tf.avgPool(x, 2, 2, "valid"),
  "resize bilinear": () => (x) => tf.image.resizeBilinear(x, [20, 20]),
  "resize nearest": () => (x) => tf.image.resizeNearestNeighbor(x, [20, 20]),
  "batch norm": () => (x) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    // cubed, because the sum of squares that follows would be a constant
    return tf.batchNorm(x, mean, variance, tf.zeros([4]), tf.ones([4])).pow(3);
  },
  "leaky relu": () => (x) => tf.leakyRelu(x, 0.2),
  softplus: () => (x) => tf.softplus(x),
  sigmoid: () => (x) => tf.sigmoid(x),
  elu: () => (x) => tf.elu(x),
  maximum: () => (x) => tf.maximum(x, 0.1),
  "log sum exp": () => (x) => tf.logSumExp(x, 3),
  softmax: () => (x) => tf.softmax(x),
  "running sum": () => (x) => tf.cumsum(x, 1),
  "mirrored padding": () => (x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      "reflect",
    ),
};

const energy = (fn) => (x) => tf.sum(tf.square(fn(x)));
const ORDERS = {
  value: (fn, x) => fn(x),
  gradient: (fn, x) => tf.grad(energy(fn))(x),
  "second gradient": (fn, x) => tf.grad(energy(tf.grad(energy(fn))))(x),
};

const signature = Object.fromEntries(Object.entries(INPUTS).map(([name, shape]) => [name, { shape }]));
const feeds = Object.fromEntries(
  Object.entries(INPUTS).map(([name, shape], i) => [name, seededArray(shape, i + 1)]),
);

/** Every case on one engine: its numbers, or why it did not run. */
async function engineToResults(name) {
  const engine = await openEngine({ engine: name });
  const results = new Map();
  for (const [what, make] of Object.entries(FUNCTIONS))
    for (const [order, apply] of Object.entries(ORDERS)) {
      const variable = what.includes("filter") ? "filter" : "x";
      try {
        const program = await engine.compile((i) => ({ y: apply(make(i), i[variable]) }), signature);
        results.set(`${what}: ${order}`, (await program.run(feeds)).y.data);
        await program.dispose();
      } catch (error) {
        results.set(`${what}: ${order}`, error.message.split("\n")[0]);
      }
    }
  await engine.dispose();
  return results;
}

function distance(a, b) {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

const reference = await engineToResults("onnx");
for (const name of values.engines.split(",")) {
  let results;
  try {
    results = await engineToResults(name);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
    continue;
  }
  const apart = [...results].map(([what, data]) => {
    const expected = reference.get(what);
    const text = [data, expected].find((value) => typeof value === "string");
    return [what, text ?? distance(data, expected)];
  });
  const agreeing = apart.filter(([, value]) => typeof value === "number" && value <= 1e-5);
  console.log(`${name}: ${agreeing.length} of ${apart.length} within 1e-5 of onnx`);
  for (const [what, value] of apart)
    if (typeof value === "string" || !(value <= 1e-5))
      console.log(`  ${what}: ${typeof value === "string" ? value : value.toExponential(1)}`);
}
