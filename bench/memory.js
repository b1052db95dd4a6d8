// Resident memory while N synthetic pictures (256 x 256) go through the Inception network, at the start, half way and
// at the end: it must not grow with N.
//
//   npm run build && node bench/memory.js [--pictures 600] [--batch-size 16]
import { parseArgs } from "node:util";
import { openOnnxEngine } from "../dist/engine/compile.js";
import { picturesToFeatures } from "../dist/evaluate/extract.js";
import { openImages } from "../dist/images/sources/open.js";
import { openBenchExtractor } from "./inception-weights.js";

const { values } = parseArgs({
  options: { pictures: { type: "string", default: "600" }, "batch-size": { type: "string", default: "16" } },
});
const [count, batchSize] = [values.pictures, values["batch-size"]].map(Number);
const side = 256;

/** Picture `i`; the generator is asked for `n` from `start` on. */
const picture = (i) => ({
  pixels: Uint8Array.from({ length: side * side * 3 }, (_, j) => (j * 31 + i * 17) % 251),
  width: side,
  height: side,
  name: `#${i}`,
});
const pictures = (n, start) => Array.from({ length: n }, (_, i) => picture(start + i));

const engine = await openOnnxEngine({ device: "cpu", threads: 2 });
const extractor = await openBenchExtractor(engine, { batchSize });
const source = await openImages({ count, pictures });
const seen = [];
await picturesToFeatures(source, extractor, { featureEnd: extractor.featureEnd }, "real", {
  batchSize,
  onProgress: ({ done }) => seen.push({ pictures: done, MB: Math.round(process.memoryUsage().rss / 1e6) }),
});
console.table(seen.filter((_, i) => i % Math.max(1, Math.floor(seen.length / 8)) === 0));
console.log(`largest: ${Math.max(...seen.map(({ MB }) => MB))} MB over ${count} pictures`);
await extractor.dispose();
await engine.dispose();
