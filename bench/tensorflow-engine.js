// The engines onnx, tensorflow and wasm on the same work: how far their results are from tensorflow.js's cpu backend
// after three steps with a small batch, and the milliseconds of a step with the batch that the table names.
//
//   npm run build && node bench/tensorflow-engine.js [--engines onnx,tensorflow] [--steps 20] [--json FILE]
//
// The engine tensorflow needs @tensorflow/tfjs-node; docs/engines.md says how it was built where its installer could
// not download libtensorflow.
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { loadTensorflow } from "../dist/engine/tensorflow.js";

const { values } = parseArgs({
  options: {
    engines: { type: "string", default: "onnx,tensorflow" },
    steps: { type: "string", default: "20" },
    json: { type: "string" },
  },
});
const tf = await loadTensorflow();

/** mulberry32, scaled to a variance of `scale` squared. */
function seededArray(shape, seed, scale) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, () => 2 * scale * (uniform() + uniform() + uniform() - 1.5));
  return { data, shape };
}

function seededState(shapes) {
  const state = {};
  for (const [i, [name, shape]] of Object.entries(shapes).entries()) {
    const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    state[name] = seededArray(shape, i + 1, shape.length === 1 ? 0.01 : Math.sqrt(2 / fanIn));
    state[`m_${name}`] = { data: new Float32Array(state[name].data.length), shape };
    state[`v_${name}`] = { data: new Float32Array(state[name].data.length), shape };
  }
  return state;
}

/** One step of Adam without bias correction on every weight of `shapes`. */
function adam(shapes, gradients, state) {
  const next = {};
  for (const [i, name] of Object.keys(shapes).entries()) {
    const m = state[`m_${name}`].mul(0.9).add(gradients[i].mul(0.1));
    const v = state[`v_${name}`].mul(0.999).add(gradients[i].square().mul(0.001));
    next[`m_${name}`] = m;
    next[`v_${name}`] = v;
    next[name] = state[name].sub(m.div(v.sqrt().add(1e-4)).mul(1e-3));
  }
  return next;
}

const CONV = { k1: [4, 4, 3, 32], k2: [4, 4, 32, 64], k3: [4, 4, 64, 128], w: [2048, 10], b: [10] };

function convLogits(x, k1, k2, k3, w, b) {
  let h = tf.leakyRelu(tf.conv2d(x, k1, 2, "same"), 0.2);
  h = tf.leakyRelu(tf.conv2d(h, k2, 2, "same"), 0.2);
  h = tf.leakyRelu(tf.conv2d(h, k3, 2, "same"), 0.2);
  return h.reshape([h.shape[0], -1]).matMul(w).add(b);
}

const MLP = { w1: [2, 128], w2: [128, 128], w3: [128, 1] };
const critic = (x, w1, w2, w3) => tf.leakyRelu(tf.leakyRelu(x.matMul(w1), 0.2).matMul(w2), 0.2).matMul(w3);

const WORK = [
  {
    name: "conv net 32x32, batch 64: forward",
    example: [32, 32, 3],
    batch: 64,
    shapes: CONV,
    step: ({ x }, state) => {
      const weights = Object.keys(CONV).map((name) => state[name]);
      return {
        outputs: {
          loss: convLogits(x, ...weights)
            .square()
            .mean(),
        },
        state,
      };
    },
  },
  {
    name: "conv net 32x32, batch 64: gradient and Adam",
    example: [32, 32, 3],
    batch: 64,
    shapes: CONV,
    step: ({ x }, state) => {
      const weights = Object.keys(CONV).map((name) => state[name]);
      const { value, grads } = tf.valueAndGrads((...w) =>
        convLogits(x, ...w)
          .sub(1)
          .square()
          .mean(),
      )(weights);
      return { outputs: { loss: value }, state: adam(CONV, grads, state) };
    },
  },
  {
    name: "MLP 2-128-128-1, batch 100: gradient penalty and Adam",
    example: [2],
    batch: 100,
    shapes: MLP,
    step: ({ x }, state) => {
      const weights = Object.keys(MLP).map((name) => state[name]);
      const { value, grads } = tf.valueAndGrads((...w) => {
        const slope = tf.grad((points) => critic(points, ...w).sum())(x);
        return slope
          .square()
          .sum(1)
          .sqrt()
          .sub(1)
          .square()
          .mean()
          .add(critic(x, ...w).mean());
      })(weights);
      return { outputs: { loss: value }, state: adam(MLP, grads, state) };
    },
  },
];

/** The network's input and one program for it, on one engine, while `use` runs. */
async function withProgram(engineName, { example, shapes, step }, batch, use) {
  const engine = await openEngine({ engine: engineName });
  try {
    const shape = [batch, ...example];
    const program = await engine.compileStep(step, { x: { shape } }, seededState(shapes));
    return await use(program, { x: seededArray(shape, 99, 0.5).data });
  } finally {
    await engine.dispose();
  }
}

/** Loss and state after three steps, batch 4. */
function engineToResult(engineName, work) {
  return withProgram(engineName, work, 4, async (program, feeds) => {
    let loss = 0;
    for (let i = 0; i < 3; i++) [loss] = (await program.run(feeds)).loss.data;
    return { loss, state: await program.readState() };
  });
}

/** Milliseconds of a step: the median and the fastest, which other work on the machine disturbs least. */
function engineToMilliseconds(engineName, work, steps) {
  return withProgram(engineName, work, work.batch, async (program, feeds) => {
    for (let i = 0; i < 3; i++) await program.run(feeds);
    const times = [];
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      await program.run(feeds);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    return { median: times[Math.floor(times.length / 2)], fastest: times[0] };
  });
}

/** |a - b| / |b| over all weights that the step changes. */
function stateDistance(a, b, shapes) {
  let difference = 0;
  let size = 0;
  for (const name of Object.keys(shapes))
    for (let i = 0; i < b[name].data.length; i++) {
      difference += (a[name].data[i] - b[name].data[i]) ** 2;
      size += b[name].data[i] ** 2;
    }
  return Math.sqrt(difference / size);
}

const rows = [];
for (const work of WORK) {
  const reference = await engineToResult("cpu", work);
  for (const engineName of values.engines.split(",")) {
    try {
      const { loss, state } = await engineToResult(engineName, work);
      const { median, fastest } = await engineToMilliseconds(engineName, work, Number(values.steps));
      rows.push({
        work: work.name,
        engine: engineName,
        "ms a step": Number(median.toFixed(2)),
        fastest: Number(fastest.toFixed(2)),
        "loss from cpu": Math.abs(loss / reference.loss - 1).toExponential(1),
        "weights from cpu": stateDistance(state, reference.state, work.shapes).toExponential(1),
      });
    } catch (error) {
      rows.push({ work: work.name, engine: engineName, error: `${error.code ?? ""} ${error.message}` });
    }
  }
}
console.table(rows);
console.log(
  `node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}; median of ${values.steps}`,
);
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 1)}\n`);
