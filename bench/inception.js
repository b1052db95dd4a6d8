// Inception features in images a second: the network alone, and `fid`'s whole way over a folder of JPEGs, beside the
// machine's float32 matrix product in the same run.
//
//   npm run build && node bench/inception.js [--images 320] [--batch-size 16] [--threads 2]
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { openOnnxEngine } from "../dist/engine/compile.js";
import { imagesToFeatures } from "../dist/evaluate/extract.js";
import { openImages } from "../dist/images/sources/open.js";
import { openBenchExtractor } from "./inception-weights.js";
import { measureSgemm } from "./sgemm.js";

/** Multiplications and additions of one 299 x 299 image: 2 x 5.71e9 (convolutions and classifier). */
const GFLOP_A_IMAGE = 11.4;

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "320" },
    "batch-size": { type: "string", default: "16" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});
const [count, batchSize, threads] = [values.images, values["batch-size"], values.threads].map(Number);

/** Photograph-like JPEGs of several sizes: smooth fields with grain, about as many bytes as photos of that size. */
async function writePhotos(folder, sizes) {
  for (let i = 0; i < count; i++) {
    const [width, height] = sizes[i % sizes.length];
    const pixels = Buffer.alloc(width * height * 3);
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 3; c++)
          pixels[at++] =
            128 +
            90 * Math.sin(x / (17 + i) + c) * Math.cos(y / (23 + c) + i) +
            ((x * 31 + y * 17 + i * 7) % 23);
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 90 })
      .toFile(path.join(folder, `${i}.jpg`));
  }
}

const shared = process.env.GAN_EVAL_SHARED ?? path.resolve(import.meta.dirname, "../../shared");
const photos = path.join(shared, "data/flowers/images");

const engine = await openOnnxEngine({ device: "cpu", threads });
const limit = await measureSgemm(engine);
const extractor = await openBenchExtractor(engine, { batchSize, resize: "tf1" });
const featureEnd = extractor.featureEnd;

const side = 299;
const batch = Array.from({ length: batchSize }, (_, i) => ({
  pixels: Uint8Array.from({ length: side * side * 3 }, (_, j) => (j * 7919 + i * 104729) % 251),
  width: side,
  height: side,
  name: `#${i}`,
}));
await extractor.extract(batch);
let best = Number.POSITIVE_INFINITY;
for (let i = 0; i < 5; i++) {
  const start = performance.now();
  await extractor.extract(batch);
  best = Math.min(best, (performance.now() - start) / 1e3);
}
const network = batchSize / best;

/** The whole way: files, decoding, resizing, network, moments, for whole batches of images; the better of two runs. */
async function folderRate(location) {
  const all = await openImages(location);
  await all.close();
  const limit = Math.floor(Math.min(count, all.count) / batchSize) * batchSize;
  const run = async () => {
    const source = await openImages(location, { limit });
    const start = performance.now();
    const { count: done } = await imagesToFeatures(source, extractor, { featureEnd }, "real", {
      batchSize,
    });
    await source.close();
    return done / ((performance.now() - start) / 1e3);
  };
  return Math.max(await run(), await run());
}

const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-bench-"));
const rows = {};
const row = (name, rate) => {
  rows[name] = {
    "images/s": Number(rate.toFixed(2)),
    GFLOPS: Number((rate * GFLOP_A_IMAGE).toFixed(1)),
    "of sgemm": `${((100 * rate * GFLOP_A_IMAGE) / limit).toFixed(0)} %`,
    "of network": `${((100 * rate) / network).toFixed(0)} %`,
  };
};
try {
  row("network alone, 299x299", network);
  await writePhotos(folder, [[320, 240]]);
  row("folder of JPEGs, 320x240", await folderRate(folder));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await writePhotos(folder, [
    [320, 240],
    [240, 320],
    [500, 333],
    [256, 256],
  ]);
  row("folder of JPEGs, mixed sizes", await folderRate(folder));
  if (existsSync(photos)) {
    // As often as it takes: a handful of batches would measure how a run starts and ends.
    const files = readdirSync(photos, { recursive: true }).filter((name) => name.endsWith(".jpg"));
    const list = path.join(folder, "photos.txt");
    const lines = Array.from({ length: count }, (_, i) => path.join(photos, files[i % files.length]));
    writeFileSync(list, lines.join("\n"));
    row("flower photos, mixed sizes", await folderRate(`@${list}`));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `sgemm 2048^3: ${limit.toFixed(1)} GFLOPS; batch ${batchSize}, ${threads} threads, ${extractor.id}`,
);
console.table(rows);
await extractor.dispose();
await engine.dispose();
