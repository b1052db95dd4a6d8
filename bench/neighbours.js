// Precision, recall, density and coverage of seeded normal features, beside the machine's float32 product, and beside
// torch-fidelity's and prdc's own code on the same features where a Python with them is named.
//
//   npm run build && node bench/neighbours.js [--samples 10000] [--width 2048] [--threads N] [--runs 3] [--python PYTHON]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { createRandomState } from "../dist/math/random/random-state.js";
import { row as dc } from "../dist/metrics/dc.js";
import { row as pr } from "../dist/metrics/pr.js";
import { measureSustainedSgemm } from "./sgemm.js";

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "10000" },
    width: { type: "string", default: "2048" },
    threads: { type: "string", default: String(availableParallelism()) },
    runs: { type: "string", default: "3" },
    python: { type: "string" },
  },
});
const [samples, width, threads, runs] = [values.samples, values.width, values.threads, values.runs].map(
  Number,
);
const K = 5;

/** Normal numbers in pairs (Box and Muller) from the Mersenne Twister. */
function normalFeatures(seed) {
  const { next } = createRandomState(seed);
  const uniform = () => (next() + 0.5) / 2 ** 32;
  const data = new Float32Array(samples * width);
  for (let at = 0; at < data.length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    data[at] = radius * Math.cos(angle);
    if (at + 1 < data.length) data[at + 1] = radius * Math.sin(angle);
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
const features = { real: normalFeatures(1), fake: normalFeatures(2) };
const sides = {
  real: { count: samples, features: features.real },
  fake: { count: samples, features: features.fake },
};
const engine = await openEngine({ threads });

/** Half of the products within each side, all of those between them. */
const operations = 2 * width * (samples * (samples - 1) + samples ** 2);
const rates = [await measureSustainedSgemm(engine)];
const seconds = [];
let ours;
for (let run = 0; run < runs; run++) {
  const context = openContext();
  const measured = await timed(async () => ({
    ...(await pr.measure(sides, { k: K }, context)),
    ...(await dc.measure(sides, { k: K }, context)),
  }));
  ours = measured.result;
  seconds.push(measured.seconds);
  rates.push(await measureSustainedSgemm(engine));
}
await engine.dispose();
const peak = process.resourceUsage().maxRSS * 1024;
const toList = (numbers, digits) => numbers.map((number) => number.toFixed(digits)).join(", ");
const mean = (numbers) => numbers.reduce((a, b) => a + b) / numbers.length;
const gflops = operations / mean(seconds) / 1e9;
const share = ((100 * gflops) / mean(rates)).toFixed(0);
console.log(
  `${samples} real and fake features of width ${width}, k ${K}, ${threads} threads, node ${process.version}`,
);
console.log(`2048^3 products for 4 s before, between and after the runs, GFLOPS: ${toList(rates, 1)}`);
console.log(
  `precision, recall, density and coverage, s: ${toList(seconds, 2)}; on average ${gflops.toFixed(1)} GFLOPS, ${share} % of the products' average`,
);
console.log(`peak ${megabytes(peak)} MiB`);

const rows = { ours: { ...ours, seconds: mean(seconds), MiB: megabytes(peak) } };
if (values.python) {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-neighbours-"));
  try {
    for (const [side, { data }] of Object.entries(features))
      writeFileSync(path.join(folder, `${side}.f32`), data);
    for (const library of ["torch-fidelity", "prdc"]) {
      const { status, stdout, stderr } = spawnSync(
        values.python,
        [
          path.join(import.meta.dirname, "peers/neighbours_peer.py"),
          ...["--library", library, "--folder", folder, "--width", String(width)],
          ...["--neighbours", String(K), "--threads", String(threads)],
        ],
        { encoding: "utf8" },
      );
      if (status !== 0) throw new Error(`${library} failed:\n${stderr}`);
      const { metrics, seconds: all, peakBytes, versions } = JSON.parse(stdout);
      rows[`${library} ${versions[library]}`] = {
        ...metrics,
        seconds: Object.values(all).reduce((a, b) => a + b, 0),
        MiB: megabytes(peakBytes),
      };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.table(rows);
