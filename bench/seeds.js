// Do the intervals of a method, over several trained seeds, hold its value? docs/intervals.md, "The seed of training".
//
//   npm run build && node bench/seeds.js [--repeats 20000] [--metrics fid,pr --draws 200 --n 200]
//
// First with normal numbers: a seed's value is the method's, plus what training varies (T), what the images drawn from it vary
// (E) and what the reference images vary (R, the same in all seeds). Standard errors are known with 19 degrees of freedom, as
// from 20 blocks. Then, where --metrics names some, with metrics: features are normal with d = 8, every seed's generator has a
// shift of its own, and the reference is drawn anew for each method. The method's value is the mean over all seeds of all
// methods. A share of 95 % over 20,000 repeats has a standard error of 0.15 %, over 200 of 1.5 %.
import { parseArgs } from "node:util";
import { intervalToReferenceShare } from "../dist/evaluate/reference-share.js";
import { sidesToScores } from "../dist/evaluate/scores/score.js";
import { featuresToMoments } from "../dist/math/features/statistics.js";
import { seedsToMethod } from "../dist/math/intervals/random-effects.js";
import { studentQuantile } from "../dist/math/intervals/student.js";
import { createRandomState } from "../dist/math/random/random-state.js";
import { idToMetric } from "../dist/metrics/table.js";

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "20000" },
    metrics: { type: "string", default: "" },
    draws: { type: "string", default: "200" },
    n: { type: "string", default: "200" },
  },
});

const SEEDS = [3, 5, 10];
const MOST = Math.max(...SEEDS);
const D = 8;
const DEGREES = 19;

/** Variances: of training, of the fakes' images, of the reference's. */
const CASES = [
  ["training three times sampling", 9, 0.5, 0.5],
  ["training as much as sampling", 1, 0.5, 0.5],
  ["training a third of sampling", 1 / 9, 0.5, 0.5],
  ["no variation of training", 0, 0.5, 0.5],
  ["reference held fixed", 1, 1, 0],
  ["nearly all of the reference", 0.1, 0.1, 1],
];

function openNormal(seed) {
  const random = createRandomState(seed);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const percent = (count, of) => `${((100 * count) / of).toFixed(1)} %`;
const holds = ({ low, high }, value) => low <= value && value <= high;
const row = (cells) => console.log(`| ${cells.join(" | ")} |`);

function simulate([title, training, fakes, reference]) {
  const normal = openNormal(11);
  const chi = () => Array.from({ length: DEGREES }, () => normal() ** 2).reduce((a, b) => a + b) / DEGREES;
  const repeats = Number(values.repeats);
  const held = { method: SEEDS.map(() => 0), seedsAlone: SEEDS.map(() => 0), checkpoint: 0 };
  const t = studentQuantile(0.975, DEGREES);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const common = Math.sqrt(reference) * normal();
    const known = reference * chi();
    const seeds = Array.from({ length: MOST }, () => ({
      value: common + Math.sqrt(training + fakes) * normal(),
      own: fakes * chi(),
    }));
    const reach = t * Math.sqrt(seeds[0].own + known);
    held.checkpoint += Math.abs(seeds[0].value) <= reach;
    for (const [i, count] of SEEDS.entries()) {
      const some = seeds.slice(0, count);
      const of = some.map(({ value }) => value);
      const method = seedsToMethod({
        values: of,
        standardErrors: some.map(({ own }) => Math.sqrt(own + known)),
        referenceShares: some.map(({ own }) => (known === 0 ? 0 : known / (own + known))),
      });
      held.method[i] += holds(method.interval, 0);
      held.seedsAlone[i] += holds(seedsToMethod({ values: of }).interval, 0);
    }
  }
  row([
    title,
    ...held.method.map((count) => percent(count, repeats)),
    ...held.seedsAlone.map((count) => percent(count, repeats)),
    percent(held.checkpoint, repeats),
  ]);
}

row([
  "variances",
  ...SEEDS.map((count) => `${count} seeds`),
  ...SEEDS.map((count) => `${count}, Student's t alone`),
  "a checkpoint's own interval",
]);
row(["---", ...SEEDS.map(() => "---:"), ...SEEDS.map(() => "---:"), "---:"]);
for (const each of CASES) simulate(each);

function drawSide(normal, n, shift) {
  const features = { data: new Float32Array(n * D), rows: n, width: D };
  for (let i = 0; i < features.data.length; i++) features.data[i] = normal() + shift;
  return { count: n, features, statistics: featuresToMoments(features, { threads: 1 }) };
}

/** How much the shifts of the seeds' generators vary. */
const SPREADS = [
  ["training several times sampling", 0.15],
  ["training as much as sampling", 0.04],
  ["no variation of training", 0],
];

const metrics = values.metrics.split(",").filter((id) => id !== "");
if (metrics.length > 0) {
  const n = Number(values.n);
  const draws = Number(values.draws);
  const planned = metrics.map((id) => ({ row: idToMetric(id), parameters: idToMetric(id).defaults }));
  console.log("");
  row(["value", "generators", "between seeds", "sampling of one", ...SEEDS.map((count) => `${count} seeds`)]);
  row(["---", "---", "---:", "---:", ...SEEDS.map(() => "---:")]);
  for (const [title, spread] of SPREADS) {
    const normal = openNormal(23);
    const methods = [];
    for (let draw = 0; draw < draws; draw++) {
      const real = drawSide(normal, n, 0);
      const seeds = [];
      for (let seed = 0; seed < MOST; seed++) {
        const fake = drawSide(normal, n, 0.4 + spread * normal());
        seeds.push(
          await sidesToScores(
            planned,
            { real, fake },
            { ci: true, seed: 2020, family: "x", threads: 1, warn: () => {} },
          ),
        );
      }
      methods.push(seeds);
      if ((draw + 1) % 10 === 0) process.stderr.write(`\r${title}: ${draw + 1} of ${draws}    `);
    }
    for (const key of Object.keys(methods[0][0].intervals)) {
      const all = methods.flat().map(({ metrics: found }) => found[key]);
      const truth = all.reduce((a, b) => a + b) / all.length;
      const toMethod = (seeds) =>
        seedsToMethod({
          values: seeds.map(({ metrics: found }) => found[key]),
          standardErrors: seeds.map(({ intervals }) => intervals[key].standardError),
          referenceShares: seeds.map(({ intervals }) =>
            intervalToReferenceShare(intervals[key], { real: { count: n }, fake: { count: n } }),
          ),
        });
      const whole = methods.map(toMethod);
      const mean = (pick) => whole.reduce((sum, of) => sum + pick(of) ** 2, 0) / whole.length;
      row([
        key.replace("x_", ""),
        title,
        Math.sqrt(mean(({ seedDeviation }) => seedDeviation)).toPrecision(3),
        Math.sqrt(mean(({ samplingDeviation }) => samplingDeviation)).toPrecision(3),
        ...SEEDS.map((count) =>
          percent(
            methods.filter((seeds) => holds(toMethod(seeds.slice(0, count)).interval, truth)).length,
            draws,
          ),
        ),
      ]);
    }
  }
}
