// Draws the committed procedural digits: fixtures/digits/<set>/{images-idx3-ubyte,labels-idx1-ubyte}.gz.
//   node scripts/draw-digits.js [--out fixtures/digits] [--sheets FOLDER]
// Needs the Debian packages of scripts/digits/fonts.js. The same seed gives the same images.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { createCanvas } from "@napi-rs/canvas";
import { blurImage, drawDigits, imageToBytes } from "./digits/drawing.js";
import { arrayToIdx } from "./digits/idx.js";

const SIDE = 28;

/** Blurred, grainy, and with 16 levels of grey, as a bad sensor would give (and small when compressed). */
function spoil(image, random) {
  const levels = 15;
  return blurImage(image, 1.3).map((value) => Math.round((value + 0.11 * random.normal()) * levels) / levels);
}

/** @type {Record<string, { count: number, seed: number, options?: Parameters<typeof drawDigits>[2] }>} */
const SETS = {
  real: { count: 2000, seed: 1 },
  "fake-close": { count: 2000, seed: 2 },
  "fake-noisy": { count: 2000, seed: 3, options: { finish: spoil } },
  "fake-collapsed": { count: 2000, seed: 4, options: { classes: [3, 6], handsPerClass: 4 } },
};

function writeWhole(file, bytes) {
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

/** The first 300 images at twice their size. */
function imagesToSheet(images) {
  const columns = 30;
  const shown = images.slice(0, 300);
  const sheet = createCanvas(columns * SIDE, Math.ceil(shown.length / columns) * SIDE);
  const context = sheet.getContext("2d");
  shown.forEach((image, i) => {
    const data = context.createImageData(SIDE, SIDE);
    imageToBytes(image).forEach((value, pixel) => {
      data.data.set([value, value, value, 255], 4 * pixel);
    });
    context.putImageData(data, (i % columns) * SIDE, Math.floor(i / columns) * SIDE);
  });
  const doubled = createCanvas(2 * sheet.width, 2 * sheet.height);
  const large = doubled.getContext("2d");
  large.imageSmoothingEnabled = false;
  large.drawImage(sheet, 0, 0, doubled.width, doubled.height);
  return doubled.toBuffer("image/png");
}

const { values } = parseArgs({ options: { out: { type: "string" }, sheets: { type: "string" } } });
const out = values.out ?? path.resolve(import.meta.dirname, "../fixtures/digits");
for (const [name, { count, seed, options }] of Object.entries(SETS)) {
  const { images, labels } = drawDigits(count, seed, options);
  const folder = path.join(out, name);
  mkdirSync(folder, { recursive: true });
  const bytes = Buffer.concat(images.map(imageToBytes));
  const packed = gzipSync(arrayToIdx([count, SIDE, SIDE], bytes), { level: 9 });
  writeWhole(path.join(folder, "images-idx3-ubyte.gz"), packed);
  writeWhole(path.join(folder, "labels-idx1-ubyte.gz"), gzipSync(arrayToIdx([count], labels), { level: 9 }));
  if (values.sheets !== undefined) {
    mkdirSync(values.sheets, { recursive: true });
    writeWhole(path.join(values.sheets, `${name}.png`), imagesToSheet(images));
  }
  console.log(`${name}: ${count} images, seed ${seed}, ${(images.length / 1024).toFixed(0)} KiB`);
}
