// Inception on a device: images a second, how far its features are from the CPU's, bytes copied; one line of JSON. Weights
// are random (or the installed ones): speed does not depend on them.
//
//   node bench/device-inception.js --device webgpu [--batch-size 64] [--seconds 10]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine.js";
import { openInceptionExtractor } from "../dist/extractors/inception/inception-extractor.js";
import { countCopies } from "./copied-bytes.js";

const { values } = parseArgs({
  options: {
    device: { type: "string", default: "webgpu" },
    "batch-size": { type: "string", default: "64" },
    seconds: { type: "string", default: "10" },
  },
});
const batchSize = Number(values["batch-size"]);
const SIDE = 299;

const batch = Array.from({ length: batchSize }, (_, i) => ({
  pixels: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, j) => (j * 7919 + i * 104729) % (241 + (i % 11))),
  width: SIDE,
  height: SIDE,
  name: `#${i}`,
}));

/** A file of the network without a single tensor: all of them are made from a seed. */
const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-bench-"));
const weights = path.join(folder, "none.safetensors");
writeFileSync(weights, Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]));

async function withExtractor(device, work) {
  const engine = await openEngine({ device, threads: availableParallelism() });
  const options = { weights, fillGaps: { seed: 2015 }, batchSize, resize: "tf1" };
  const extractor = await openInceptionExtractor(engine, options);
  try {
    return await work(async () => (await extractor.extract(batch))[extractor.featureEnd]);
  } finally {
    await extractor.dispose();
    await engine.dispose();
  }
}

/** The largest over the images of |a - b| / |b|, Euclidean. */
function largestDeviation(a, b) {
  let largest = 0;
  for (let row = 0; row < b.rows; row++) {
    let [apart, size] = [0, 0];
    for (let j = row * b.width; j < (row + 1) * b.width; j++) {
      apart += (a.data[j] - b.data[j]) ** 2;
      size += b.data[j] ** 2;
    }
    // Not a number is no agreement.
    const deviation = Math.sqrt(apart / size);
    if (!(deviation <= largest)) largest = deviation;
  }
  return largest;
}

try {
  const copied = await countCopies(values.device);
  const onCpu = await withExtractor("cpu", (extract) => extract());
  const measured = await withExtractor(values.device, async (extract) => {
    const features = await extract();
    const [before, start, times] = [{ ...copied }, performance.now(), []];
    while (times.length === 0 || performance.now() - start < 1000 * Number(values.seconds)) {
      const from = performance.now();
      await extract();
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    return {
      images_per_second: (1000 * batchSize) / median,
      deviation: largestDeviation(features, onCpu),
      bytes_up_per_image: (copied.up - before.up) / times.length / batchSize,
      bytes_down_per_image: (copied.down - before.down) / times.length / batchSize,
      batches: times.length,
    };
  });
  console.log(JSON.stringify({ device: values.device, batchSize, ...measured }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
