// Resident memory while N synthetic images (256 x 256) go through the Inception network, at the start, half way and
// at the end: it must not grow with N.
//
//   npm run build && node bench/memory.js [--images 600] [--batch-size 16]
import { parseArgs } from "node:util";
import { openOnnxEngine } from "../dist/engine/compile.js";
import { imagesToFeatures } from "../dist/evaluate/extract.js";
import { openImages } from "../dist/images/sources/open.js";
import { openBenchExtractor } from "./inception-weights.js";

const { values } = parseArgs({
  options: { images: { type: "string", default: "600" }, "batch-size": { type: "string", default: "16" } },
});
const [count, batchSize] = [values.images, values["batch-size"]].map(Number);
const side = 256;

/** Image `i`; the generator is asked for `n` from `start` on. */
const image = (i) => ({
  pixels: Uint8Array.from({ length: side * side * 3 }, (_, j) => (j * 31 + i * 17) % 251),
  width: side,
  height: side,
  name: `#${i}`,
});
const images = (n, start) => Array.from({ length: n }, (_, i) => image(start + i));

const engine = await openOnnxEngine({ device: "cpu", threads: 2 });
const extractor = await openBenchExtractor(engine, { batchSize });
const source = await openImages({ count, images });
const seen = [];
await imagesToFeatures(source, extractor, { featureEnd: extractor.featureEnd }, "real", {
  batchSize,
  onProgress: ({ done }) => seen.push({ images: done, MB: Math.round(process.memoryUsage().rss / 1e6) }),
});
console.table(seen.filter((_, i) => i % Math.max(1, Math.floor(seen.length / 8)) === 0));
console.log(`largest: ${Math.max(...seen.map(({ MB }) => MB))} MB over ${count} images`);
await extractor.dispose();
await engine.dispose();
