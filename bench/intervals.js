// Do the 95 % intervals of `--ci` hold what they promise? Draws both sides of known distributions again and again,
// and counts the intervals that hold the value's mean over all draws.
//
//   npm run build && node bench/intervals.js [--n 1000] [--draws 400] [--metrics fid,kid,...] [--case near] [--first 0]
//     [--save FILE]   every draw's values and intervals, as JSON
//
// Features are normal with d = 64, standard deviations 1 / (1 + i / 8) in coordinate i; the fake side is shifted and
// scaled by the case. Logits are normal [n, 10]; held-out features are drawn as the real ones, and sFID has the features in
// the place of its own. Images are 8 x 8 pixels of noise. Draws are in worker processes, one a core; the same seed gives the same
// table. A share of 0.95 over N draws has a standard error of sqrt(0.95 * 0.05 / N): 1.1 % for 400.
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { sidesToScores } from "../dist/evaluate/scores/score.js";
import { featuresToMoments } from "../dist/math/features/statistics.js";
import { createRandomState } from "../dist/math/random/random-state.js";
import { idToMetric } from "../dist/metrics/table.js";

const D = 64;
const CLASSES = 10;
/** Pixels along an image's side. */
const IMAGE = 8;

/** How the fake side differs from the real one. */
const CASES = {
  alike: { shift: 0, scale: 1 },
  near: { shift: 0.1, scale: 1 },
  apart: { shift: 0.3, scale: 0.9 },
};

/** Parameters that a simulation of few samples needs; the rest are the metrics' own. */
const PARAMETERS = {
  kid: { subsets: 20, subsetSize: 500 },
  "fid-inf": { smallest: 500 },
  "is-inf": { smallest: 500 },
  rke: { sigma: 2 },
  rrke: { sigma: 2, samples: 200 },
  fwd: { levels: 2 },
};

/** Cheap ones first; of those on images only the one whose images are cheap to draw from a known distribution. */
const METRICS = [
  "fid",
  "is",
  "kid",
  "cmmd",
  "mind",
  "swd",
  "pr",
  "dc",
  "1nn",
  "authpct",
  "realism",
  "clipped-dc",
  "sym-pr",
  "p-pr",
  "pr-cover",
  "rarity",
  "nn-ratio",
  "prd",
  "ndb",
  "vendi",
  "rke",
  "rrke",
  "fwd",
  "mode-score",
  "modes",
  "mifid",
  "sfid",
  "fid-inf",
  "fld",
];

const { values } = parseArgs({
  options: {
    n: { type: "string", default: "1000" },
    draws: { type: "string", default: "400" },
    first: { type: "string", default: "0" },
    metrics: { type: "string", default: METRICS.join(",") },
    case: { type: "string", default: Object.keys(CASES).join(",") },
    save: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});

function openNormal(seed) {
  const random = createRandomState(seed);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function drawSide(normal, n, { shift, scale }) {
  const features = { data: new Float32Array(n * D), rows: n, width: D };
  for (let i = 0; i < features.data.length; i++)
    features.data[i] = (scale * normal() + shift) / (1 + (i % D) / 8);
  const logits = { data: new Float32Array(n * CLASSES), rows: n, width: CLASSES };
  for (let i = 0; i < logits.data.length; i++) logits.data[i] = 2 * scale * normal() + shift * (i % CLASSES);
  const statistics = featuresToMoments(features, { threads: 1 });
  return { count: n, features, logits, statistics, spatial: statistics, spatialFeatures: features };
}

/** Levels about grey, alike in a block of 4 x 4 pixels. */
function drawImage(normal, { shift, scale }) {
  const pixels = new Uint8Array(IMAGE * IMAGE * 3);
  const blocks = Array.from({ length: IMAGE ** 2 / 16 }, () => 25 * normal());
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [Math.floor(at / 3) % IMAGE, Math.floor(at / 3 / IMAGE)];
    const block = blocks[(y >> 2) * (IMAGE / 4) + (x >> 2)];
    pixels[at] = Math.min(255, Math.max(0, Math.round(128 + scale * (block + 20 * normal()) + 10 * shift)));
  }
  return { pixels, width: IMAGE, height: IMAGE };
}

/** Values and intervals of one draw, by name. */
async function drawToScores(draw, n, metrics, of) {
  const normal = openNormal(1000 + draw);
  const sides = {
    real: drawSide(normal, n, CASES.alike),
    fake: drawSide(normal, n, CASES[of]),
    heldOut: drawSide(normal, n, CASES.alike),
  };
  if (metrics.includes("fwd"))
    for (const [role, how] of [
      ["real", CASES.alike],
      ["fake", CASES[of]],
    ])
      sides[role].images = Array.from({ length: n }, () => drawImage(normal, how));
  const planned = metrics.map((id) => {
    const row = idToMetric(id);
    return { row, parameters: { ...row.defaults, ...PARAMETERS[id] } };
  });
  const { metrics: found, intervals } = await sidesToScores(planned, sides, {
    ...{ ci: true, seed: 2020, family: "x", threads: 1, warn: () => {} },
  });
  return { found, intervals };
}

if (process.send) {
  process.on("message", async ({ draw, n, metrics, of }) => {
    process.send({ draw, of, ...(await drawToScores(draw, n, metrics, of)) });
  });
} else {
  const n = Number(values.n);
  const draws = Number(values.draws);
  const metrics = values.metrics.split(",");
  const cases = values.case.split(",");
  const first = Number(values.first);
  const tasks = cases.flatMap((of) =>
    Array.from({ length: draws }, (_, i) => ({ draw: first + i, n, metrics, of })),
  );
  const results = await share(tasks, Number(values.jobs));
  if (values.save) writeFileSync(values.save, JSON.stringify(results));
  console.log(`n = ${n} a side, d = ${D}, ${draws} draws\n`);
  console.log(
    "| case | value | mean | standard deviation | mean standard error | intervals that hold the mean |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: |");
  for (const of of cases) {
    const some = results.filter((result) => result.of === of);
    for (const key of Object.keys(some[0].intervals)) {
      const points = some.map(({ found }) => found[key]);
      const mean = points.reduce((a, b) => a + b) / draws;
      const deviation = Math.sqrt(points.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1));
      const intervals = some.map((result) => result.intervals[key]);
      const error = intervals.reduce((sum, { standardError }) => sum + standardError, 0) / draws;
      const holding = intervals.filter(({ low, high }) => low <= mean && mean <= high).length;
      const cells = [of, key.replace("x_", ""), ...[mean, deviation, error].map((x) => x.toPrecision(4))];
      console.log(`| ${[...cells, `${((100 * holding) / draws).toFixed(1)} %`].join(" | ")} |`);
    }
  }
}

/** Sends tasks to worker processes, one at a time each. */
function share(tasks, jobs) {
  return new Promise((resolve, reject) => {
    const results = [];
    let next = 0;
    for (let job = 0; job < Math.min(jobs, tasks.length); job++) {
      const worker = fork(import.meta.filename, process.argv.slice(2));
      const send = () => {
        if (next < tasks.length) worker.send(tasks[next++]);
        else worker.kill();
      };
      worker.on("message", (result) => {
        results.push(result);
        if (results.length % 100 === 0) console.error(`${results.length} of ${tasks.length} draws`);
        if (results.length === tasks.length) resolve(results.sort((a, b) => a.draw - b.draw));
        send();
      });
      worker.on("exit", (code) => code && reject(new Error(`a worker ended with ${code}`)));
      send();
    }
  });
}
