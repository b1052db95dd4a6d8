// Scores and signals of every evaluation of the trained runs, by the product's own scorer: a folder a run under MEASURED with
// the run's tables and these two.
//
//   node bench/real-runs/measure.js SHARED RUNS MEASURED [PART OF]
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { CASES } from "./cases.js";
import { openReal } from "./train.js";

const from = (name) => import(`../../dist/${name}.js`);
const [shared, runs, measured, part = 0, of = 1] = process.argv.slice(2);

/** What training takes for such data; for CIFAR-10 it takes Inception, which is not at hand here. */
const EXTRACTORS = { mnist: "digits", fashion: "digits", cifar: "random-conv" };
const METRICS = {
  digits: ["fid", "precision", "recall", "classes"],
  "random-conv": ["fid", "precision", "recall"],
};

const scorers = new Map();

async function openScorer(data, size) {
  const key = `${data}-${size}`;
  if (scorers.has(key)) return scorers.get(key);
  const { openImageScorer } = await from("runs/evaluation/score-images");
  const extractor = EXTRACTORS[data];
  const options = { samples: 1000, batchSize: 64, threads: 1, engine: "onnx", device: "cpu" };
  const opened = await openReal(shared, data, size);
  scorers.set(key, await openImageScorer(opened, { extractor, metrics: METRICS[extractor], ...options }));
  return scorers.get(key);
}

function toCsv(rows) {
  const names = Object.keys(rows[0]);
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

async function measureRun({ name, data }) {
  const run = path.join(runs, name);
  const shape = JSON.parse(readFileSync(path.join(run, "shape.json"), "utf8"));
  const scorer = await openScorer(data, shape[0] === 32 && data !== "cifar" ? 32 : undefined);
  const rounds = readdirSync(run)
    .map((file) => /^samples-(\d+)\.u8$/.exec(file)?.[1])
    .filter(Boolean)
    .map(Number)
    .sort((a, b) => a - b);
  const [scores, signals] = [[], []];
  for (const round of rounds) {
    const bytes = readFileSync(path.join(run, `samples-${round}.u8`));
    const found = await scorer.examine(
      Float32Array.from(bytes, (level) => level / 127.5 - 1),
      1000,
    );
    scores.push({ round, ...found.scores });
    signals.push({ round, ...found.signals });
  }
  const folder = path.join(measured, name);
  rmSync(`${folder}.part`, { recursive: true, force: true });
  mkdirSync(`${folder}.part`, { recursive: true });
  for (const file of readdirSync(run))
    if (/\.(csv|json)$/.test(file)) cpSync(path.join(run, file), path.join(`${folder}.part`, file));
  if (rounds.length > 0) {
    writeFileSync(path.join(`${folder}.part`, "scores.csv"), toCsv(scores));
    writeFileSync(path.join(`${folder}.part`, "signals.csv"), toCsv(signals));
  }
  renameSync(`${folder}.part`, folder);
}

for (const [i, spec] of CASES.entries()) {
  if (i % Number(of) !== Number(part)) continue;
  if (!existsSync(path.join(runs, spec.name)) || existsSync(path.join(measured, spec.name))) continue;
  await measureRun(spec);
  console.log(spec.name);
}
process.exit(0);
