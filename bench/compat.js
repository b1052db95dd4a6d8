// Every preset of --compat beside the library's own code: metrics of the same features, features of the same images.
// bench/peers/README.md says how the Python environment is made, and what --checkouts has.
//
//   npm run build && node bench/compat.js --python VENV/bin/python [--checkouts DIR] [--shared ../shared]
//     [--presets torch-fidelity,adm,...] [--sizes narrow,wide] [--images 60] [--threads N] [--work DIR] [--json FILE]
//
// With --work what the libraries gave stays in the folder, and is not computed again.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { countsToBatchSize } from "../dist/evaluate/batch-size.js";
import { COMPAT_PRESETS, withCompat } from "../dist/evaluate/compat.js";
import { planMetrics } from "../dist/evaluate/plan.js";
import { openExtractor } from "../dist/extractors/open-extractor.js";
import { bytesToNpy } from "../dist/formats/npy.js";
import { featuresToMoments } from "../dist/math/features/statistics.js";
import { folderToFeatures } from "./peers/folder-features.js";
import { photoSet } from "./peers/image-sets.js";

const root = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    python: { type: "string" },
    checkouts: { type: "string" },
    shared: { type: "string", default: process.env.GAN_EVAL_SHARED ?? path.resolve(root, "../shared") },
    presets: { type: "string", default: Object.keys(COMPAT_PRESETS).join(",") },
    sizes: { type: "string", default: "narrow,wide" },
    images: { type: "string", default: "60" },
    threads: { type: "string", default: String(availableParallelism()) },
    work: { type: "string" },
    json: { type: "string" },
  },
});
if (values.python === undefined) {
  console.error("expected --python VENV/bin/python; bench/peers/README.md says how to make the environment");
  process.exit(2);
}
const threads = Number(values.threads);
const presets = values.presets.split(",");
const work = values.work ?? mkdtempSync(path.join(tmpdir(), "gan-eval-compat-"));
const photos = mkdtempSync(path.join(tmpdir(), "gan-eval-photos-"));
mkdirSync(work, { recursive: true });
const partial = path.join(values.shared, "inception/inception-2015-12-05-partial.safetensors");

/** Metric to metric, and pixel to feature. */
const TOLERANCE = { metric: 1e-6, feature: 1e-4 };

/** One preset a call: TensorFlow and PyTorch's compiler do not load together. */
function runPeer(name, preset, args) {
  const report = path.join(work, `${name}-${preset}.json`);
  if (!existsSync(report)) {
    const checkouts = values.checkouts ? ["--checkouts", values.checkouts] : [];
    const common = ["--presets", preset, "--out", path.join(work, "arrays"), "--threads", String(threads)];
    const script = path.join(root, "bench/peers/compat_peer.py");
    const { status, stdout, stderr } = spawnSync(values.python, [script, ...common, ...checkouts, ...args], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (status !== 0) throw new Error(`${path.basename(script)} failed for ${preset}:\n${stderr}`);
    writeFileSync(report, stdout);
  }
  return JSON.parse(readFileSync(report, "utf8"));
}

function readFeatures(file) {
  const { data, shape } = bytesToNpy(new Uint8Array(readFileSync(file)), file);
  return { data, rows: shape[0], width: shape[1] };
}

/** What a metric measures in: nothing warns, nothing is reported. */
function openContext() {
  const known = new Map();
  return {
    threads,
    warn: () => {},
    progress: () => {},
    memo: (of, key, compute) => {
      const all = known.get(of) ?? new Map();
      known.set(of, all);
      if (!all.has(key)) all.set(key, compute());
      return all.get(key);
    },
  };
}

const DEFAULTS = {
  ...{ real: "real", fake: "fake", extractor: "inception", splits: 10, shuffle: true, seed: 2020, ddof: 1 },
};

/** Our value by the preset: `kid.mean`. */
function openOurs(files, size) {
  const of = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, readFeatures(file)]));
  const side = (features, spatial) => ({
    ...{ count: features.rows, features, statistics: featuresToMoments(features, { threads }) },
    ...(spatial && { spatial: featuresToMoments(spatial, { threads }) }),
  });
  const [real, fake] = [side(of.real, of.spatial_real), side(of.fake, of.spatial_fake)];
  const sides = { real, fake: { ...fake, logits: of.logits } };
  const context = openContext();
  // As compat_peer.py calls the libraries.
  const parameters = {
    kid: { subsets: size.subsets, subsetSize: size.subset_size },
    mifid: { threshold: 0.9 },
  };
  const found = new Map();
  return async (preset, value) => {
    const [id, key] = value.split(".");
    const options = { ...DEFAULTS, ...withCompat(preset, { parameters }), metrics: [id] };
    const [planned] = planMetrics(options).metrics;
    // torchmetrics seeks the nearest fake of each real image.
    const isReversed = preset === "torchmetrics" && id === "mifid";
    const name = `${id} ${isReversed} ${JSON.stringify(planned.parameters)}`;
    if (!found.has(name))
      found.set(
        name,
        planned.row.measure(isReversed ? { real: fake, fake: real } : sides, planned.parameters, context),
      );
    return (await found.get(name))[key];
  };
}

const toDistance = (ours, theirs) => (ours === theirs ? 0 : Math.abs(ours / theirs - 1));

async function compareMetrics(sizeName) {
  const rows = [];
  let ours;
  for (const preset of presets) {
    const [{ files, size, values: theirs }] = runPeer(sizeName, preset, ["--sizes", sizeName]).sets;
    ours ??= openOurs(files, size);
    const { float32, float64 } = theirs[preset];
    for (const [metric, value] of Object.entries(float32)) {
      const own = await ours(preset, metric);
      const distance = toDistance(own, value);
      const inFloat64 = toDistance(own, float64[metric]);
      rows.push({ preset, metric, theirs: value, theirs64: float64[metric], ours: own, distance, inFloat64 });
    }
  }
  return rows;
}

const ENDS = ["2048", "logits_unbiased", "spatial"];

async function folderToOurs(folder, count, resize, weights) {
  const batchSize = countsToBatchSize([count], 16);
  const { extractor, close } = await openExtractor(
    {
      ...{ extractor: "inception", resize, batchSize, engine: "auto", device: "auto" },
      ...{ threads, weights },
    },
    ENDS,
  );
  try {
    return await folderToFeatures(extractor, folder, ENDS, batchSize);
  } finally {
    await close();
  }
}

async function compareImages(folder, count, weights) {
  const rows = [];
  const known = new Map();
  for (const preset of presets) {
    const { features } = runPeer(`images-${count}`, preset, ["--pictures", folder, "--partial", partial]);
    const { resize } = COMPAT_PRESETS[preset].options;
    for (const [end, file] of Object.entries(features[preset] ?? {})) {
      if (!known.has(resize)) known.set(resize, await folderToOurs(folder, count, resize, weights));
      const { data } = known.get(resize)[end];
      const theirs = readFeatures(file);
      let [difference, largest] = [0, 0];
      for (const [i, value] of theirs.data.entries()) {
        difference = Math.max(difference, Math.abs(data[i] - value));
        largest = Math.max(largest, Math.abs(value));
      }
      rows.push({ preset, end, images: theirs.rows, resize, largest, distance: difference / largest });
    }
  }
  return rows;
}

/** Whether a value agrees as the library computes it, or else where its own code is given float64. */
function toVerdict({ distance, inFloat64 }) {
  if (distance <= TOLERANCE.metric) return "yes";
  return inFloat64 <= TOLERANCE.metric ? "in float64" : "NO";
}

try {
  const results = { metrics: {}, images: [] };
  for (const size of values.sizes.split(",").filter(Boolean)) {
    const rows = await compareMetrics(size);
    results.metrics[size] = rows;
    console.log(`\nfeatures to metrics, ${size}`);
    console.table(
      rows.map((row) => ({
        ...{ preset: row.preset, metric: row.metric, theirs: row.theirs, ours: row.ours },
        "relative distance": row.distance.toExponential(1),
        "theirs in float64": row.inFloat64.toExponential(1),
        ok: toVerdict(row),
      })),
    );
  }
  if (Number(values.images) > 0) {
    const set = photoSet(values.shared, photos, Number(values.images) / 2);
    const weights = path.join(work, "filled.pth");
    const exporter = path.join(root, "bench/peers/export_weights.py");
    if (!existsSync(weights)) spawnSync(values.python, [exporter, "--partial", partial, "--out", weights]);
    results.images = await compareImages(set.fake, set.images, weights);
    console.log(`\nimages to features, ${set.images} photos: largest difference over the largest feature`);
    console.table(
      results.images.map(({ preset, end, resize, distance }) => ({
        ...{ preset, resize, end, distance: distance.toExponential(1) },
        ok: distance <= TOLERANCE.feature ? "yes" : "NO",
      })),
    );
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
} finally {
  rmSync(photos, { recursive: true, force: true });
  if (values.work === undefined) rmSync(work, { recursive: true, force: true });
}
