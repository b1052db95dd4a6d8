// The presets of --compat for FD-DINOv2 and CMMD beside the programs' own code, on JPEGs of mixed sizes: what reaches the
// network, the network's rows, and the distance by `gan-eval`. A small network of random weights stands in for DINOv2 and
// CLIP, in PyTorch there and as ONNX here. Then one network and two sets by every definition: how far these lie apart.
// bench/peers/README.md says how the Python environment is made, and what --checkouts has.
//
//   npm run build && node bench/compat-networks.js --python VENV/bin/python --checkouts DIR [--shared ../shared]
//     [--pythonpath DIR] [--images 120] [--work DIR] [--json FILE]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { withCompat } from "../dist/evaluate/compat.js";
import { openExtractor } from "../dist/extractors/open-extractor.js";
import { bytesToNpy } from "../dist/formats/npy.js";
import { openImages } from "../dist/images/sources/open.js";
import { evaluate } from "../dist/index.js";
import { photoSet } from "./peers/image-sets.js";

const root = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    python: { type: "string" },
    pythonpath: { type: "string" },
    checkouts: { type: "string" },
    shared: { type: "string", default: process.env.GAN_EVAL_SHARED ?? path.resolve(root, "../shared") },
    images: { type: "string", default: "120" },
    work: { type: "string" },
    json: { type: "string" },
  },
});
if (values.python === undefined || values.checkouts === undefined) {
  console.error(
    "expected --python VENV/bin/python and --checkouts DIR; bench/peers/README.md says how to make them",
  );
  process.exit(2);
}
const work = values.work ?? mkdtempSync(path.join(tmpdir(), "gan-eval-compat-networks-"));
const photos = mkdtempSync(path.join(tmpdir(), "gan-eval-photos-"));
mkdirSync(work, { recursive: true });

/** Of distances, and of what reaches a network over its largest value. */
const TOLERANCE = 1e-5;
const PRESETS = ["dgm-eval", "edm2", "torch-fidelity", "pyiqa", "fld", "cmmd"];

function runPeer({ real, fake }) {
  const script = path.join(root, "bench/peers/fd_dinov2_peer.py");
  const args = ["--real", real, "--fake", fake, "--checkouts", values.checkouts, "--out", work];
  const env = { ...process.env, ...(values.pythonpath && { PYTHONPATH: values.pythonpath }) };
  const { status, stdout, stderr } = spawnSync(
    values.python,
    [script, ...args, "--presets", PRESETS.join(",")],
    {
      ...{ env, encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"] },
    },
  );
  if (status !== 0) throw new Error(`${path.basename(script)} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

const readArray = (file) => bytesToNpy(new Uint8Array(readFileSync(file)), file).data;

/** Pillow 13 takes the axes of upright images in another order. */
const pillowOf = ({ versions }) =>
  Number(versions.pillow.split(".")[0]) >= 13 ? "pil13-bicubic" : "pil-bicubic";

/** The options of `gan-eval --extractor FILE --compat PRESET`, and what else makes them the program's. */
function presetToOptions(preset, file, pillow) {
  // Its extractors are several: the scaling is said beside the preset.
  const given = preset === "torch-fidelity" ? { mean: "imagenet", inputSize: [224, 224] } : {};
  const { options, ...rest } = withCompat(preset, { ...given, extractor: file });
  return { ...options, ...rest, ...(rest.resize === "pil-bicubic" && { resize: pillow }) };
}

async function folderToRows(folder, file, options) {
  const { extractor, close } = await openExtractor({
    ...{ batchSize: 4, engine: "auto", device: "cpu" },
    ...options,
    extractor: file,
  });
  const source = await openImages(folder);
  const parts = [];
  try {
    for await (const batch of source.batches({ batchSize: 4 }))
      parts.push((await extractor.extract(batch)).features.data);
  } finally {
    await source.close();
    await close();
  }
  return parts;
}

async function folderToPixels(folder) {
  const source = await openImages(folder);
  const parts = [];
  for await (const batch of source.batches({ batchSize: 4 }))
    for (const { pixels } of batch) parts.push(pixels);
  await source.close();
  return parts;
}

/** The largest difference of the parts, end to end, to theirs; and the largest of theirs. */
function toDifference(parts, theirs) {
  let [at, difference, largest, unequal] = [0, 0, 0, 0];
  for (const part of parts)
    for (const value of part) {
      const other = theirs[at++];
      if (value !== other) unequal++;
      difference = Math.max(difference, Math.abs(value - other));
      largest = Math.max(largest, Math.abs(other));
    }
  if (at !== theirs.length) throw new Error(`expected ${theirs.length} values, got ${at}`);
  return { difference, largest, relative: difference / largest, unequal: unequal / at };
}

const shown = (value) => value.toExponential(1);

try {
  const set = photoSet(values.shared, photos, Number(values.images) / 2);
  const peer = runPeer(set);
  const pillow = pillowOf(peer);
  const pixels = toDifference(await folderToPixels(set.fake), readArray(peer.pixels));
  console.log(`\nPillow ${peer.versions.pillow}, torch ${peer.versions.torch}; ${set.name}`);
  console.log(
    `decoded levels that differ from Pillow's: ${(100 * pixels.unequal).toFixed(2)} %, by at most ${pixels.difference}`,
  );
  const rows = [];
  for (const preset of PRESETS) {
    const { side, distance, distance64, rows: theirs, inputs } = peer.presets[preset];
    const network = path.join(work, `network-${side}.onnx`);
    const options = presetToOptions(preset, network, pillow);
    const found = await folderToRows(set.fake, network, options);
    const metric = preset === "cmmd" ? "cmmd" : "fid";
    // CMMD's rows come out at length 1.
    const toTheirs = (parts, width) => (preset === "cmmd" ? parts.map((part) => toUnit(part, width)) : parts);
    const { metrics } = await evaluate({
      ...options,
      ...set,
      metrics: [metric],
      cache: false,
      device: "cpu",
    });
    const [ours] = Object.values(metrics);
    const reached = await folderToRows(set.fake, path.join(work, `inputs-${side}.onnx`), options);
    rows.push({
      ...{ preset, resize: options.resize, crop: options.crop ?? "none", theirs: distance, ours },
      // Their float32 length of so many values is off by 4e-5: both are brought to 1 again.
      inputs: toDifference(
        toTheirs(reached, 3 * side * side),
        toTheirs([readArray(inputs)], 3 * side * side)[0],
      ).relative,
      rows: toDifference(toTheirs(found, 48), readArray(theirs.fake)).relative,
      distance: Math.abs(ours / distance - 1),
      distance64: Math.abs(ours / distance64 - 1),
    });
  }
  console.table(
    rows.map(({ inputs, rows: ofRows, distance, distance64, ...row }) => ({
      ...row,
      ...{
        inputs: shown(inputs),
        rows: shown(ofRows),
        distance: shown(distance),
        "in float64": shown(distance64),
      },
      ok: Math.max(inputs, ofRows, distance64) <= TOLERANCE ? "yes" : "NO",
    })),
  );
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ versions: peer.versions, pixels, rows }, null, 1)}\n`);
} finally {
  rmSync(photos, { recursive: true, force: true });
  if (values.work === undefined) rmSync(work, { recursive: true, force: true });
}

/** Rows at length 1. */
function toUnit(data, width) {
  const unit = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += width) {
    let square = 0;
    for (let k = 0; k < width; k++) square += data[at + k] ** 2;
    const length = Math.sqrt(square);
    for (let k = 0; k < width; k++) unit[at + k] = data[at + k] / length;
  }
  return unit;
}
