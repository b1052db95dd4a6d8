// Paired scores beside the libraries' own code, on the same images and networks. lpips brings its own lin weights; the
// backbones and VGG19 are untrained, saved by torch.save, and read here as a user's files are.
//
//   npm run build && node bench/paired.js --python VENV/bin/python [--work DIR] [--json FILE]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { COMPAT_PRESETS } from "../dist/evaluate/compat.js";
import { evaluate } from "../dist/evaluate/evaluate.js";
import { arraysToTensors } from "../dist/extractors/perceptual/apply-layers.js";
import { openPerceptual } from "../dist/extractors/perceptual/open-perceptual.js";
import { bytesToNpy } from "../dist/formats/npy.js";
import { openImages } from "../dist/images/sources/open.js";

const { values: flags } = parseArgs({
  options: { python: { type: "string" }, work: { type: "string" }, json: { type: "string" } },
});
if (flags.python === undefined) {
  console.error("expected --python VENV/bin/python; bench/peers/README.md says how to make the environment");
  process.exit(2);
}
const work = flags.work ?? mkdtempSync(path.join(tmpdir(), "gan-eval-paired-"));
mkdirSync(work, { recursive: true });
const at = (name) => path.join(work, "files", name);

function runPeer() {
  const report = path.join(work, "theirs.json");
  if (!existsSync(report)) {
    const script = path.join(import.meta.dirname, "peers/paired_peer.py");
    const { status, stdout, stderr } = spawnSync(
      flags.python,
      ["-W", "ignore", script, "--out", path.join(work, "files")],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    writeFileSync(report, stdout);
  }
  return JSON.parse(readFileSync(report, "utf8"));
}

const theirs = runPeer();
const sides = { real: at("real"), fake: at("fake"), paired: true };
const preset = (name) => ({ parameters: COMPAT_PRESETS[name].parameters });
const y = { pairedChannel: "y" };
const border = { pairedBorder: theirs.border };
const lpips = (net) => ({ lpipsBackbone: at(`${net}.pth`), lpipsWeights: at(`${net}-lin.pth`) });

/** What makes ours the library's. */
const OPTIONS = {
  l1: {},
  "psnr skimage": preset("skimage"),
  "psnr torchmetrics": preset("torchmetrics"),
  "psnr basicsr y": { ...preset("basicsr"), ...border, ...y },
  "psnr basicsr rgb": { ...preset("basicsr"), ...border },
  "ssim skimage": preset("skimage"),
  "ssim wang": {},
  "ssim torchmetrics": preset("torchmetrics"),
  "ssim basicsr y": { ...preset("basicsr"), ...border, ...y },
  "ssim basicsr rgb": { ...preset("basicsr"), ...border },
  "lpips alex": lpips("alex"),
  "lpips vgg": lpips("vgg"),
};

/** The largest difference of VGG19's conv5_4 from torchvision's, over the largest value. */
async function compareVgg() {
  const expected = bytesToNpy(new Uint8Array(readFileSync(at("vgg19-conv5_4.npy"))), "vgg19-conv5_4.npy");
  const source = await openImages(at("real"), { limit: 1 });
  const {
    value: [image],
  } = await source.batches({ batchSize: 1 }).next();
  await source.close();
  const size = [image.height, image.width];
  const network = await openPerceptual(at("vgg19.pth"), { channels: 3, size, layer: "conv5_4" });
  const engine = await openEngine();
  const program = await engine.compile(
    ({ images }) => ({ features: network.features(images, arraysToTensors(network.arrays)) }),
    { images: { shape: [1, ...size, 3] } },
  );
  const { features } = await program.run({
    images: Float32Array.from(image.pixels, (level) => level / 127.5 - 1),
  });
  await engine.dispose();
  const wanted = new Float32Array(expected.data.slice().buffer);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - features.data[i])), 0);
  return apart / largest;
}

const rows = [];
for (const [name, options] of Object.entries(OPTIONS)) {
  const [metric] = name.split(" ");
  const { metrics } = await evaluate({ ...sides, ...options, metrics: [metric] });
  const difference = Math.abs(metrics[metric] - theirs.values[name]);
  rows.push({ name, theirs: theirs.values[name], ours: metrics[metric], difference });
}
rows.push({ name: "vgg19 conv5_4", difference: await compareVgg() });
console.table(rows);
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
if (flags.work === undefined) rmSync(work, { recursive: true });
const apart = rows.filter(({ name, difference }) => !(difference < (name.startsWith("vgg") ? 1e-4 : 1e-5)));
if (apart.length > 0) {
  console.error(
    `expected at most 1e-5 between ours and theirs, got more for ${apart.map(({ name }) => name)}`,
  );
  process.exit(1);
}
