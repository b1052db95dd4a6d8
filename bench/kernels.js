// KID, MIND and the sliced Wasserstein distance of seeded features like Inception's (not below zero, a large mean), beside
// the machine's float32 product, and beside torch-fidelity's KID of the same features where a Python with it is named.
//
//   npm run build && node bench/kernels.js [--samples 10000] [--width 2048] [--threads N] [--python PYTHON]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { rowsToBlocks } from "../dist/math/intervals/jackknife.js";
import { countKernels } from "../dist/math/kernels/kernel-sums.js";
import { row as kid } from "../dist/metrics/kid.js";
import { row as mind } from "../dist/metrics/mind.js";
import { row as swd } from "../dist/metrics/swd.js";
import { measureSustainedSgemm } from "./sgemm.js";

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "10000" },
    width: { type: "string", default: "2048" },
    threads: { type: "string", default: String(availableParallelism()) },
    python: { type: "string" },
  },
});
const [samples, width, threads] = [values.samples, values.width, values.threads].map(Number);

/** Absolute values of normal numbers (Box and Muller, from a linear congruential generator) times `scale`. */
function seededFeatures(seed, scale) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const data = new Float32Array(samples * width);
  for (let at = 0; at < data.length; at += 2) {
    const radius = scale * Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    data[at] = Math.abs(radius * Math.cos(angle));
    if (at + 1 < data.length) data[at + 1] = Math.abs(radius * Math.sin(angle));
  }
  return { data, rows: samples, width };
}

/** What an evaluation keeps between metrics. */
function openContext() {
  const known = new WeakMap();
  return {
    threads,
    warn: () => {},
    progress: () => {},
    memo(of, key, compute) {
      const results = known.get(of) ?? new Map();
      known.set(of, results);
      if (!results.has(key)) results.set(key, compute());
      return results.get(key);
    },
  };
}

async function timed(action) {
  const start = performance.now();
  const result = await action();
  return { result, seconds: (performance.now() - start) / 1e3 };
}

const megabytes = (bytes) => Math.round(bytes / 2 ** 20);
const features = { real: seededFeatures(1, 0.5), fake: seededFeatures(2, 0.51) };
const sides = {
  real: { count: samples, features: features.real },
  fake: { count: samples, features: features.fake },
};
const engine = await openEngine({ threads });
const rates = [await measureSustainedSgemm(engine)];

const context = openContext();
const kernel = await timed(() => kid.measure(sides, kid.defaults, context));
const peak = process.resourceUsage().maxRSS * 1024;
rates.push(await measureSustainedSgemm(engine));
const rate = (rates[0] + rates[1]) / 2;
const blocks = rowsToBlocks("fake", samples, 20, 2020);
const leftOut = await timed(() => kid.leaveOut(sides, blocks, kid.defaults, context));
const monge = await timed(() => mind.measure(sides, mind.defaults, context));
const sliced = await timed(() => swd.measure(sides, swd.defaults, context));
await engine.dispose();

const { subsets, subsetSize } = kid.defaults;
// The fewer of what the subsets need and what all pairs are.
const kernels = Math.min(countKernels(samples, samples), subsets * countKernels(subsetSize, subsetSize));
const gflops = (2 * width * kernels) / kernel.seconds / 1e9;
console.log(
  `${samples} real and fake features of width ${width}, ${threads} threads, node ${process.version}`,
);
console.log(
  `2048^3 products for 4 s before and after KID: ${rates.map((each) => each.toFixed(1)).join(", ")} GFLOPS`,
);
console.log(
  `KID, ${subsets} subsets of ${subsetSize}: ${kernel.seconds.toFixed(2)} s, ${gflops.toFixed(1)} GFLOPS, ${((100 * gflops) / rate).toFixed(0)} % of the products' average, peak ${megabytes(peak)} MiB`,
);
console.log(`20 blocks of the fake side left out: ${leftOut.seconds.toFixed(2)} s`);
console.log(`MIND, 1000 projections: ${monge.result.distance}, ${monge.seconds.toFixed(2)} s`);
console.log(`sliced Wasserstein, 512 directions: ${sliced.result.distance}, ${sliced.seconds.toFixed(2)} s`);

const rows = { ours: { ...kernel.result, seconds: kernel.seconds, MiB: megabytes(peak) } };
if (values.python) {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-kernels-"));
  try {
    for (const [side, { data }] of Object.entries(features))
      writeFileSync(path.join(folder, `${side}.f32`), data);
    for (const type of ["float32", "float64"]) {
      const { status, stdout, stderr } = spawnSync(
        values.python,
        [
          path.join(import.meta.dirname, "peers/kernel_peer.py"),
          ...["--folder", folder, "--width", String(width), "--type", type, "--threads", String(threads)],
        ],
        { encoding: "utf8" },
      );
      if (status !== 0) throw new Error(`torch-fidelity failed:\n${stderr}`);
      const { metrics, seconds, peakBytes, versions } = JSON.parse(stdout);
      rows[`torch-fidelity ${versions["torch-fidelity"]}, ${type}`] = {
        mean: metrics.kernel_inception_distance_mean,
        std: metrics.kernel_inception_distance_std,
        seconds: seconds.kid,
        MiB: megabytes(peakBytes),
        "ours is off by": kernel.result.mean / metrics.kernel_inception_distance_mean - 1,
      };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.table(rows);
