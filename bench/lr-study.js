// The learning-rate studies of docs/learning-rates.md:
// `node bench/lr-study.js [--study ring] [--out sweeps/lr-ring] [--queue URL] [--report]`, and
// `node bench/lr-study.js --study mnist --data mnist` for a folder with MNIST's IDX files.
//
// Lucic et al. 2018, "Are GANs Created Equal?", in small: several losses on one pair of networks, learning rates from 1e-5
// to 1e-2, seeds, and what holds of their claims. Runs are trained by `gan-eval sweep`, which goes on where it was stopped;
// --report only reads what is there.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    study: { type: "string", default: "ring" },
    out: { type: "string" },
    data: { type: "string" },
    jobs: { type: "string" },
    queue: { type: "string" },
    report: { type: "boolean", default: false },
  },
});

/** On small networks and for a fixed number of rounds, so that a run takes seconds. */
const STUDIES = {
  // Eight modes on a ring; the penalty's weight is that of toys (0.1), and the critic takes one step a round as the others do.
  ring: "--data ring --model gan,mmgan,wgan_gp --seeds 5 --rounds 2000 --hidden-units 64 --latent-dim 16 --batch-size 128 --ema 0.99 --n-critic 1 --penalty-weight 0.1 --eval-every 250 --sample-interval 0",
  // MNIST with the multilayer perceptrons, by the digits network's features, scored once, at the end of equally many passes
  // over the data: of 5 critic steps a round there are so many fewer rounds. As in the study, the test images are the real side.
  mnist:
    "--model gan,mmgan,wgan_gp --net mlp --seeds 3 --epochs 5 --eval-every 100000 --eval-samples 10000 --eval-metrics fid,classes --sample-interval 4000 --threads 1",
};
const RATES = "--lr 1e-5..1e-2 --points 7 --seed 1";

const flags = STUDIES[values.study];
const out = values.out ?? `sweeps/lr-${values.study}`;
const program = path.join(import.meta.dirname, "../dist/cli/main.js");

function ganEval(words) {
  const ran = spawnSync(process.execPath, [program, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  if (ran.status !== 0) process.exit(ran.status ?? 1);
  return ran.stdout.toString();
}

if (!values.report) {
  const own = [
    ...(values.data ? ["--data", values.data] : []),
    ...(values.jobs ? ["--jobs", values.jobs] : []),
    ...(values.queue ? ["--queue", values.queue] : []),
  ];
  ganEval(["sweep", ...flags.split(" "), ...RATES.split(" "), ...own, "--out", out, "--json"]);
}

const comparison = JSON.parse(ganEval(["compare", out, "--json", "--quiet"]));
const { rows, curves, budgets, groups, metric } = comparison;

const figure = (value) => (value === null ? "none" : value.toPrecision(3));
const rate = (lr) => Number(lr.toPrecision(2)).toExponential();
const table = (heading, lines) =>
  console.log(
    [heading, heading.map((_, i) => (i === 0 ? "---" : "---:")), ...lines]
      .map((cells) => `| ${cells.join(" | ")} |`)
      .join("\n"),
    "\n",
  );

console.log(`${rows.length} runs, ${metric.key}, the best of each run's evaluations\n`);

// (a) The median over seeds at each rate, and the worst.
table(
  ["rate", ...curves.map(({ name }) => name)],
  curves[0].points.map(({ lr }, i) => [
    rate(lr),
    ...curves.map(({ points }) => {
      const { median, worst, failures } = points[i];
      return `${figure(median)} (${figure(worst)}${failures > 0 ? `, ${failures} failed` : ""})`;
    }),
  ]),
);

const interval = (of) => (of ? `${figure(of.low)} to ${figure(of.high)}` : "none");

// (a, b, e) The best rate, its spread over seeds (Student's t), the difference from the best of all (Welch), safe rates,
// failures.
table(
  [
    "model",
    "best rate",
    "median",
    "mean, deviation",
    "95 % of the mean",
    "less the best model",
    "safe band",
    "decades",
    "failed or poor",
  ],
  curves.map(({ name, best, safeBand, failureShare, points }) => {
    const point = points.find(({ lr }) => lr === best?.lr);
    const group = point && groups[rows[point.rows[0]].group];
    return [
      name,
      best ? rate(best.lr) : "none",
      figure(best?.median ?? null),
      group ? `${figure(group.mean)}, ${figure(group.sd)}` : "none",
      interval(group?.interval),
      group?.difference
        ? `${figure(group.difference.value)}, ${interval(group.difference)}`
        : "it is the best",
      safeBand ? `${rate(safeBand.low)} to ${rate(safeBand.high)}` : "none",
      safeBand ? safeBand.decades.toFixed(1) : "0",
      `${Math.round(100 * failureShare)} %`,
    ];
  }),
);

// (d) What the best of k runs of each model gets, in the median of all draws.
const told = [1, 2, 3, 5, 10, 20, 35].filter((k) => budgets.every(({ runs }) => runs >= k));
table(
  ["best of", ...budgets.map(({ name }) => name), "largest / smallest"],
  told.map((k) => {
    const medians = budgets.map(({ points }) => points.find((point) => point.k === k)?.median ?? null);
    const known = medians.filter((value) => value !== null);
    return [k, ...medians.map(figure), (Math.max(...known) / Math.min(...known)).toFixed(2)];
  }),
);
