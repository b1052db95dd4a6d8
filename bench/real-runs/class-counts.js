// Of runs that were trained on some classes, the share of the last samples that are of these: each sample has the class of the
// nearest of 5,000 real images by all pixels. labels.js rests on it.
//
//   node bench/real-runs/class-counts.js SHARED RUNS
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CASES } from "./cases.js";
import { openReal } from "./train.js";

const from = (name) => import(`../../dist/${name}.js`);
const [shared, runs] = process.argv.slice(2);
const REAL = 5000;

const { rowsToNearestRows } = await from("math/variety/sample-variety");
const toRows = (pixels, width) => ({
  data: Float32Array.from(pixels, (level) => level / 255),
  rows: pixels.length / width,
  width,
});

for (const spec of CASES) {
  const planted = spec.only ?? spec.thenOnly;
  const folder = path.join(runs, spec.name);
  if (!planted || spec.data === "cifar" || !existsSync(folder)) continue;
  const { pixels, shape, labels } = (await openReal(shared, spec.data)).pixels.train;
  const width = shape.reduce((product, side) => product * side, 1);
  const real = toRows(pixels.subarray(0, REAL * width), width);
  const last = Math.max(
    ...readdirSync(folder).flatMap((file) => /^samples-(\d+)\.u8$/.exec(file)?.slice(1).map(Number) ?? []),
  );
  const samples = toRows(readFileSync(path.join(folder, `samples-${last}.u8`)), width);
  const nearest = await rowsToNearestRows(samples, real);
  const inside = nearest.filter((row) => planted.includes(labels[row])).length / nearest.length;
  console.log(`${spec.name.padEnd(28)} ${(100 * inside).toFixed(1)} % of ${planted}`);
}
