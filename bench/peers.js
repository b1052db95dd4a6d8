// pytorch-fid's and torch-fidelity's own code and ours on the same images and the same gap-filled weights: features,
// FID, Inception Score, seconds. bench/peers/README.md says how the Python environment is made.
//
//   npm run build && node bench/peers.js --python VENV/bin/python [--shared ../shared] [--count 200]
//     [--per-class 40] [--threads N] [--sets photos,cifar] [--json FILE]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { countsToBatchSize } from "../dist/evaluate/batch-size.js";
import { openExtractor } from "../dist/extractors/open-extractor.js";
import { bytesToNpy } from "../dist/formats/npy.js";
import { featuresToFrechet } from "../dist/metrics/fid.js";
import { logitsToInceptionScore } from "../dist/metrics/is.js";
import { folderToFeatures } from "./peers/folder-features.js";
import { cifarSet, photoSet } from "./peers/image-sets.js";

const root = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    python: { type: "string" },
    shared: { type: "string", default: process.env.GAN_EVAL_SHARED ?? path.resolve(root, "../shared") },
    count: { type: "string", default: "200" },
    "per-class": { type: "string", default: "40" },
    threads: { type: "string", default: String(availableParallelism()) },
    sets: { type: "string", default: "photos,cifar" },
    json: { type: "string" },
  },
});
if (values.python === undefined) {
  console.error("expected --python VENV/bin/python; bench/peers/README.md says how to make the environment");
  process.exit(2);
}
const threads = Number(values.threads);
const work = mkdtempSync(path.join(tmpdir(), "gan-eval-peers-"));

/** Runs a script of bench/peers and parses what it prints. */
function runPeer(script, args) {
  const file = path.join(root, "bench/peers", script);
  const options = { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"] };
  const { status, stdout, stderr } = spawnSync(values.python, [file, ...args], options);
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function peerToRow(script, set, weights, out) {
  const report = runPeer(script, [
    ...["--weights", weights, "--input1", set.fake, "--input2", set.real, "--out", out],
    ...["--batch-size", String(set.peerBatch), "--threads", String(threads)],
  ]);
  const read = (key) => {
    const { data, shape } = bytesToNpy(new Uint8Array(readFileSync(report.features[key])), key);
    return { data, rows: shape[0], width: shape[1] };
  };
  return {
    who: `${report.library} ${report.versions[report.library]}`,
    fid: report.metrics.frechet_inception_distance,
    isMean: report.metrics.inception_score_mean,
    isStd: report.metrics.inception_score_std,
    featureSeconds: report.seconds.features,
    distanceSeconds: report.seconds.statistics + report.seconds.frechet,
    features: { fake: read("input1-2048"), real: read("input2-2048") },
    logits: report.features["input1-logits_unbiased"] && read("input1-logits_unbiased"),
    versions: report.versions,
    cpuCapability: report.cpu_capability,
  };
}

const secondsSince = (start) => (performance.now() - start) / 1e3;

function featuresToScores(features, logits) {
  const start = performance.now();
  const { distance } = featuresToFrechet(features.real, features.fake, { threads });
  const distanceSeconds = secondsSince(start);
  const score =
    logits &&
    logitsToInceptionScore(logits.data, logits.rows, logits.width, { splits: 10, shuffle: true, seed: 2020 });
  return { fid: distance, isMean: score?.mean, isStd: score?.std, distanceSeconds };
}

async function oursToRow(resize, set, weights) {
  const batchSize = countsToBatchSize([set.images, set.images], 16);
  const ends = ["2048", "logits_unbiased"];
  const options = {
    extractor: "inception",
    resize,
    batchSize,
    engine: "auto",
    device: "auto",
    threads,
    weights,
  };
  const { extractor, close } = await openExtractor(options, ends);
  try {
    const start = performance.now();
    const fake = await folderToFeatures(extractor, set.fake, ends, batchSize);
    const real = await folderToFeatures(extractor, set.real, ends, batchSize);
    const featureSeconds = secondsSince(start);
    const features = { fake: fake["2048"], real: real["2048"] };
    const logits = fake.logits_unbiased;
    return {
      who: `gan-eval, resize ${resize}`,
      ...featuresToScores(features, logits),
      featureSeconds,
      features,
      logits,
    };
  } finally {
    await close();
  }
}

/** |a - b| / |b| over all features of a side: Euclidean, of the whole matrix. */
function distance(a, b) {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.data.length; i++) {
    difference += (a.data[i] - b.data[i]) ** 2;
    size += b.data[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

const round = (value, digits) => (value === undefined ? "" : value.toFixed(digits));

async function compareOn(set, weights) {
  const out = path.join(work, "features");
  const fidelity = peerToRow("torch_fidelity_peer.py", set, weights, out);
  const pytorchFid = peerToRow("pytorch_fid_peer.py", set, weights, out);
  const rows = [
    [fidelity],
    // the second half of the way alone: our distance and score of their features
    [{ who: "gan-eval on those features", ...featuresToScores(fidelity.features, fidelity.logits) }],
    [await oursToRow("tf1", set, weights), fidelity],
    [pytorchFid],
    [{ who: "gan-eval on those features", ...featuresToScores(pytorchFid.features) }],
    [await oursToRow("pytorch", set, weights), pytorchFid],
  ];
  const images = fidelity.features.fake.rows + fidelity.features.real.rows;
  console.log(`\n${set.name}, both sides through the network, ${threads} threads`);
  console.table(
    rows.map(([row, reference]) => ({
      who: row.who,
      FID: round(row.fid, 6),
      IS: row.isMean === undefined ? "" : `${round(row.isMean, 6)} ± ${round(row.isStd, 6)}`,
      "features from it":
        reference && row.features
          ? distance(row.features.fake, reference.features.fake).toExponential(1)
          : "",
      "images/s": row.featureSeconds ? (images / row.featureSeconds).toFixed(2) : "",
      "distance, s": round(row.distanceSeconds, 2),
    })),
  );
  const plain = ({ features: _, logits: __, ...rest }) => rest;
  return { set: set.name, rows: rows.map(([row]) => plain(row)) };
}

try {
  const weights = path.join(work, "filled.pth");
  const partial = path.join(values.shared, "inception/inception-2015-12-05-partial.safetensors");
  const fill = runPeer("export_weights.py", ["--partial", partial, "--out", weights]);
  console.log(
    `gap-filled weights, seed ${fill.seed}; batch norm's largest error ${fill.batch_norm_largest_error}`,
  );
  const makers = {
    photos: () => photoSet(values.shared, work, Number(values["per-class"])),
    cifar: () => cifarSet(values.shared, work, Number(values.count)),
  };
  const results = [];
  for (const name of values.sets.split(",")) results.push(await compareOn(await makers[name](), weights));
  const machine = { node: process.version, cores: availableParallelism(), load: loadavg()[0] };
  console.log(JSON.stringify({ ...machine, ...results[0].rows[0].versions }));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 1)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
