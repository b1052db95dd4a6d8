// How often `gan-eval check` raises a false alarm, and how often it sees a rise of FID by 10 %.
//
//   npm run build && node bench/check.js [--n 10000] [--nights 500] [--seeds 1,3] [--jobs 2] [--sides both|fake]
//
// Features are normal with d = 64, standard deviations 1 / (1 + i / 8) in coordinate i. The generator's are shifted and
// scaled; the changed one's so that its FID is 10 % higher. The real side is drawn once. The baseline of every night is
// another night of the unchanged model, by as many seeds, so that shares are over baselines too; the rule is maxWorse,
// alone, which leaves it the whole level. `--sides both` leaves blocks of real and fake images out for intervals, `fake`
// those of fake ones, as where --real is a file of statistics. Measurements are in worker processes, the same each time.
//
// A share of 1 % over N nights has a standard error of sqrt(0.01 * 0.99 / N): 0.44 % for 500.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { decide } from "../dist/check/decide.js";
import { intervalsToSeeds } from "../dist/check/seeds.js";
import { sidesToScores } from "../dist/evaluate/scores/score.js";
import { featuresToMoments } from "../dist/math/features/statistics.js";
import { createRandomState } from "../dist/math/random/random-state.js";
import { idToMetric } from "../dist/metrics/table.js";

const D = 64;
const KEY = "frechet_x_distance";
const REAL = { shift: 0, scale: 1 };
const UNCHANGED = { shift: 0.3, scale: 0.9 };
/** What the unchanged distance is at n = 10,000, with the bias of so many samples. */
const DISTANCE = 0.796;
/** Means that are `shift` deviations away are shift^2 times this apart. */
const VARIANCES = Array.from({ length: D }, (_, i) => 1 / (1 + i / 8) ** 2).reduce((a, b) => a + b);
const CHANGED = { ...UNCHANGED, shift: Math.sqrt(UNCHANGED.shift ** 2 + (0.1 * DISTANCE) / VARIANCES) };

const { values } = parseArgs({
  options: {
    n: { type: "string", default: "10000" },
    nights: { type: "string", default: "500" },
    jobs: { type: "string", default: String(availableParallelism()) },
    seeds: { type: "string", default: "1,3" },
    sides: { type: "string", default: "both" },
  },
});
const n = Number(values.n);
const nights = Number(values.nights);
const seedCounts = values.seeds.split(",").map(Number);
const SEEDS = Math.max(...seedCounts);

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
  // Seeds of unchanged nights, then of changed ones: [nights, SEEDS] each.
  const [unchanged, changed] = [0, 1];
  const tasks = [UNCHANGED, CHANGED].flatMap((of, kind) =>
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
  const of = measured.slice(0, nights * SEEDS).map(({ value }) => value);
  const mean = of.reduce((a, b) => a + b) / of.length;
  const deviation = Math.sqrt(of.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (of.length - 1));
  const error = measured.reduce((sum, { interval }) => sum + interval.standardError, 0) / measured.length;
  const risen = measured.slice(nights * SEEDS).reduce((sum, { value }) => sum + value, 0) / (nights * SEEDS);
  console.log(
    `n = ${n}, d = ${D}, ${nights} nights, intervals over ${values.sides === "fake" ? "fake images" : "both sides"}`,
  );
  console.log(
    `distance ${mean.toFixed(4)}, deviation between seeds ${((100 * deviation) / mean).toFixed(2)} %, mean standard error ${((100 * error) / mean).toFixed(2)} %, changed ${((100 * risen) / mean - 100).toFixed(1)} % higher\n`,
  );
  console.log("| seeds a night | nights before | maxWorse | false alarms | rise of 10 % seen |");
  console.log("| ---: | ---: | ---: | ---: | ---: |");
  for (const seeds of seedCounts)
    for (const before of seeds === 1 ? [0] : [0, 10])
      for (const size of [0, 0.05]) {
        const rules = [{ name: KEY, level: "error", limits: { maxWorse: { size, isRelative: true } } }];
        const shares = [unchanged, changed].map((kind) => {
          let failed = 0;
          for (let night = 0; night < nights; night++) {
            const history = Array.from(
              { length: before },
              (_, i) => new Map([[KEY, toSeeds(unchanged, (night + i + 2) % nights, seeds)]]),
            );
            const [{ status }] = decide(rules, {
              current: new Map([[KEY, toSeeds(kind, night, seeds)]]),
              baseline: new Map([[KEY, toSeeds(unchanged, (night + 1) % nights, seeds)]]),
              ...{ history, passed: history },
            });
            if (status === "failed") failed++;
          }
          return `${((100 * failed) / nights).toFixed(1)} %`;
        });
        console.log(`| ${[seeds, before, `${100 * size} %`, ...shares].join(" | ")} |`);
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
