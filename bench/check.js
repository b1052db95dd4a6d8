// How often `gan-eval check` raises a false alarm, and how often it sees a rise of FID by 10 %.
//
//   npm run build && node bench/check.js [--n 10000] [--nights 500] [--jobs 2] [--sides both|fake]
//
// Features are normal with d = 64, standard deviations 1 / (1 + i / 8) in coordinate i. The generator's are shifted and
// scaled; the changed one's so that its FID is 10 % higher. The real side is drawn once. Every night has a baseline of
// its own, by as many seeds, so that shares are over baselines too; the rule is maxWorse, alone, which leaves it the whole
// level. `--sides both` leaves blocks of real and fake pictures out for intervals, `fake` those of fake ones, as where
// --real is a file of statistics. Measurements are in worker processes, and the same each time.
//
// A share of 1 % over N nights has a standard error of sqrt(0.01 * 0.99 / N): 0.44 % for 500.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { decide } from "../dist/check/decide.js";
import { intervalsToSeeds } from "../dist/check/seeds.js";
import { sidesToScores } from "../dist/evaluate/score.js";
import { createRandomState } from "../dist/metrics/random/random-state.js";
import { featuresToMoments } from "../dist/metrics/statistics.js";
import { idToMetric } from "../dist/metrics/table.js";

const D = 64;
const KEY = "frechet_x_distance";
const REAL = { shift: 0, scale: 1 };
const UNCHANGED = { shift: 0.3, scale: 0.9 };
/** The distance is (shift^2 + (1 - scale)^2) sum of variances, but for the bias of few samples. */
const CHANGED = { scale: 0.9, shift: Math.sqrt(1.1 * (0.3 ** 2 + 0.1 ** 2) - 0.1 ** 2) };
const SEEDS = 3;

const { values } = parseArgs({
  options: {
    n: { type: "string", default: "10000" },
    nights: { type: "string", default: "500" },
    jobs: { type: "string", default: String(availableParallelism()) },
    sides: { type: "string", default: "both" },
  },
});
const n = Number(values.n);
const nights = Number(values.nights);

/** Standard normal numbers by the polar method of Marsaglia. */
function openNormal(seed) {
  const random = createRandomState(seed);
  let kept;
  return () => {
    if (kept !== undefined) {
      const last = kept;
      kept = undefined;
      return last;
    }
    for (;;) {
      const u = (random.next() + 0.5) / 2 ** 31 - 1;
      const v = (random.next() + 0.5) / 2 ** 31 - 1;
      const square = u * u + v * v;
      if (square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      kept = v * factor;
      return u * factor;
    }
  };
}

function drawSide(seed, { shift, scale }) {
  const normal = openNormal(seed);
  const features = { data: new Float32Array(n * D), rows: n, width: D };
  for (let i = 0; i < features.data.length; i++)
    features.data[i] = (scale * normal() + shift) / (1 + (i % D) / 8);
  return { count: n, features, statistics: featuresToMoments(features, { threads: 1 }) };
}

let real;
/** A distance and its interval. */
async function measure({ seed, of }) {
  real ??= drawSide(1, REAL);
  const { features: _, ...fixed } = real;
  const row = idToMetric("fid");
  const { metrics, intervals } = await sidesToScores(
    [{ row, parameters: row.defaults }],
    { real: values.sides === "fake" ? fixed : real, fake: drawSide(seed, of) },
    { ci: true, seed: 2020, family: "x", threads: 1, warn: () => {} },
  );
  return { value: metrics[KEY], interval: intervals[KEY] };
}

if (process.send) {
  process.on("message", async (task) => process.send({ ...(await measure(task)), index: task.index }));
} else {
  // Seeds of the baselines, of unchanged nights, and of changed ones: [nights, SEEDS] each.
  const kinds = [UNCHANGED, UNCHANGED, CHANGED];
  const tasks = kinds.flatMap((of, kind) =>
    Array.from({ length: nights * SEEDS }, (_, i) => ({ of, seed: 1000 + kind * 1e6 + i })),
  );
  const measured = await share(tasks, Number(values.jobs));
  const toSeeds = (kind, night, seeds) => {
    const from = (kind * nights + night) * SEEDS;
    const some = measured.slice(from, from + seeds);
    return intervalsToSeeds(
      some.map(({ value }) => value),
      some.map(({ interval }) => interval),
    );
  };
  const of = measured.slice(nights * SEEDS, 2 * nights * SEEDS).map(({ value }) => value);
  const mean = of.reduce((a, b) => a + b) / of.length;
  const deviation = Math.sqrt(of.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (of.length - 1));
  const error = measured.reduce((sum, { interval }) => sum + interval.standardError, 0) / measured.length;
  const risen =
    measured.slice(2 * nights * SEEDS).reduce((sum, { value }) => sum + value, 0) / (nights * SEEDS);
  console.log(
    `n = ${n}, d = ${D}, ${nights} nights, intervals over ${values.sides === "fake" ? "fake pictures" : "both sides"}`,
  );
  console.log(
    `distance ${mean.toFixed(4)}, deviation between seeds ${((100 * deviation) / mean).toFixed(2)} %, mean standard error ${((100 * error) / mean).toFixed(2)} %, changed ${((100 * risen) / mean - 100).toFixed(1)} % higher\n`,
  );
  console.log("| seeds a night | nights before | maxWorse | false alarms | rise of 10 % seen |");
  console.log("| ---: | ---: | ---: | ---: | ---: |");
  for (const seeds of [1, SEEDS])
    for (const before of seeds === 1 ? [0] : [0, 10])
      for (const size of [0, 0.05]) {
        const rules = [{ name: KEY, level: "error", limits: { maxIncrease: { size, isRelative: true } } }];
        const share = [1, 2].map((kind) => {
          let failed = 0;
          for (let night = 0; night < nights; night++) {
            const history = Array.from(
              { length: before },
              (_, i) => new Map([[KEY, toSeeds(1, (night + i + 1) % nights, seeds)]]),
            );
            const [{ status }] = decide(rules, {
              current: new Map([[KEY, toSeeds(kind, night, seeds)]]),
              baseline: new Map([[KEY, toSeeds(0, night, seeds)]]),
              history,
            });
            if (status === "failed") failed++;
          }
          return `${((100 * failed) / nights).toFixed(1)} %`;
        });
        console.log(`| ${[seeds, before, `${100 * size} %`, ...share].join(" | ")} |`);
      }
}

/** Sends tasks to worker processes, one at a time each; results in the order of the tasks. */
function share(tasks, jobs) {
  return new Promise((resolve, reject) => {
    const results = new Array(tasks.length);
    let [next, done] = [0, 0];
    for (let job = 0; job < Math.min(jobs, tasks.length); job++) {
      const worker = fork(import.meta.filename, process.argv.slice(2));
      const send = () => {
        if (next < tasks.length) worker.send({ ...tasks[next], index: next++ });
        else worker.kill();
      };
      worker.on("message", ({ index, ...result }) => {
        results[index] = result;
        done++;
        if (done % 100 === 0) console.error(`${done} of ${tasks.length} measurements`);
        if (done === tasks.length) resolve(results);
        send();
      });
      worker.on("exit", (code) => code && reject(new Error(`a worker ended with ${code}`)));
      send();
    }
  });
}
