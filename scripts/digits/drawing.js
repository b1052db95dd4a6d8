// Procedural digits: a glyph of a free font, its stroke made thinner or thicker, slanted, turned, bent, and put into
// 28x28 as MNIST's authors did (longer side about 20, centred by mass). White on black.
import { createCanvas } from "@napi-rs/canvas";
import { registerFonts } from "./fonts.js";
import { seedToRandom } from "./random.js";

const SIDE = 28;
/** The glyph is drawn this large first; its longer side then takes about a half. */
const RASTER = 144;
const GLYPH_HEIGHT = 76;
/** The control points of the elastic bending, on each axis. */
const KNOTS = 5;

const canvas = createCanvas(RASTER, RASTER);
const context = canvas.getContext("2d", { willReadFrequently: true });
let fonts;

/** What makes one drawing differ from another of the same digit. @typedef {ReturnType<typeof randomToHand>} Hand */

/** @param {import("./random.js").Random} random @param {number} digit */
function randomToHand(random, digit) {
  const able = fonts.filter((font) => !font.without.includes(String(digit)));
  let ticket = random.next() * able.reduce((sum, font) => sum + font.share, 0);
  let font = able[0];
  for (const candidate of able) {
    font = candidate;
    ticket -= candidate.share;
    if (ticket < 0) break;
  }
  return {
    digit,
    family: font.family,
    /** Radians. */
    turn: 0.09 * random.normal(),
    slant: 0.06 + 0.13 * random.normal(),
    /** Width to height, beside the font's own. */
    aspect: Math.exp(0.13 * random.normal()),
    /** Stroke width as a part of the digit's height. */
    stroke: random.between(0.085, 0.17),
    /** Displacements of the knots, as parts of the raster. */
    bend: Float64Array.from({ length: 2 * KNOTS * KNOTS }, () => 0.021 * random.normal()),
    /** The longer side in the image, pixels. */
    size: random.between(17.5, 20.5),
    /** Standard deviation of the pen's blur, pixels. */
    blur: random.between(0.3, 0.6),
    ink: random.between(1.15, 1.6),
    shift: [0.35 * random.normal(), 0.35 * random.normal()],
  };
}

/** A hand that is nearly the same: the collapsed generator's repetitions. @param {Hand} hand */
function jitterHand(hand, random) {
  return {
    ...hand,
    turn: hand.turn + 0.015 * random.normal(),
    bend: hand.bend.map((knot) => knot + 0.0025 * random.normal()),
    ink: hand.ink + 0.02 * random.normal(),
  };
}

const measured = new Map();

/**
 * A glyph's box and mean stroke width at 100 pixels. Stroke width: twice the area by the length of the outline, which
 * is the sum of the raster's slopes.
 */
function measureGlyph(family, digit) {
  const key = `${family}/${digit}`;
  if (!measured.has(key)) {
    context.resetTransform();
    context.font = `100px "${family}"`;
    const box = context.measureText(String(digit));
    const height = box.actualBoundingBoxAscent + box.actualBoundingBoxDescent;
    const width = box.actualBoundingBoxRight + box.actualBoundingBoxLeft;
    const centre = [
      (box.actualBoundingBoxRight - box.actualBoundingBoxLeft) / 2,
      (box.actualBoundingBoxDescent - box.actualBoundingBoxAscent) / 2,
    ];
    const glyph = { height, width, centre, stroke: 0 };
    measured.set(key, glyph);
    const flat = { family, digit, turn: 0, slant: 0, aspect: 1, stroke: 0 };
    const ink = handToRaster(flat);
    let area = 0;
    let outline = 0;
    for (let y = 0; y < RASTER - 1; y++)
      for (let x = 0; x < RASTER - 1; x++) {
        const i = y * RASTER + x;
        area += ink[i];
        outline += Math.hypot(ink[i + 1] - ink[i], ink[i + RASTER] - ink[i]);
      }
    glyph.stroke = (2 * area) / outline / GLYPH_HEIGHT;
  }
  return measured.get(key);
}

/** The straight part of the warp, and the pen's width, done by the canvas. @returns {Float64Array} [RASTER, RASTER], 0 to 1 */
function handToRaster(hand) {
  const glyph = measureGlyph(hand.family, hand.digit);
  const scale = GLYPH_HEIGHT / Math.max(glyph.height, 0.9 * glyph.width);
  context.resetTransform();
  context.globalCompositeOperation = "source-over";
  context.fillStyle = "black";
  context.fillRect(0, 0, RASTER, RASTER);
  context.translate(RASTER / 2, RASTER / 2);
  context.rotate(hand.turn);
  context.transform(hand.aspect, 0, -hand.slant * hand.aspect, 1, 0, 0);
  context.scale(scale, scale);
  context.translate(-glyph.centre[0], -glyph.centre[1]);
  context.font = `100px "${hand.family}"`;
  context.lineJoin = "round";
  context.fillStyle = "white";
  context.fillText(String(hand.digit), 0, 0);
  const change = glyph.stroke === 0 || hand.stroke === 0 ? 0 : hand.stroke - glyph.stroke;
  if (change !== 0) {
    // A stroke along the outline lies half inside: white, it widens the pen by its width; black, it narrows it. A pen
    // narrower than half the font's own would break thin joints.
    const width = change > 0 ? change : Math.min(-change, 0.45 * glyph.stroke);
    context.strokeStyle = change > 0 ? "white" : "black";
    context.lineWidth = (width * GLYPH_HEIGHT) / scale;
    context.strokeText(String(hand.digit), 0, 0);
  }
  const { data } = context.getImageData(0, 0, RASTER, RASTER);
  return Float64Array.from({ length: RASTER * RASTER }, (_, i) => data[4 * i] / 255);
}

/** Cubic B-spline weights of the four knots around position `t` in [0, 1) of a span. */
const splineWeights = (t) => [
  (1 - t) ** 3 / 6,
  (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
  (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
  t ** 3 / 6,
];

/** Each raster row's or column's first knot and weights. */
const SPLINE = Array.from({ length: RASTER }, (_, i) => {
  const at = (i / RASTER) * (KNOTS - 3);
  return { knot: Math.floor(at), weights: splineWeights(at - Math.floor(at)) };
});

/** @param {Float64Array} image [height, width] @returns {number} bilinear, 0 outside */
function sample(image, side, x, y) {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  if (x0 < 0 || y0 < 0 || x0 >= side - 1 || y0 >= side - 1) return 0;
  const i = y0 * side + x0;
  const u = x - x0;
  const v = y - y0;
  return (
    (1 - v) * ((1 - u) * image[i] + u * image[i + 1]) +
    v * ((1 - u) * image[i + side] + u * image[i + side + 1])
  );
}

/** The elastic part of the warp: a smooth field of displacements. */
function bendRaster(raster, bend) {
  const bent = new Float64Array(RASTER * RASTER);
  for (let y = 0; y < RASTER; y++) {
    for (let x = 0; x < RASTER; x++) {
      let dx = 0;
      let dy = 0;
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 4; c++) {
          const weight = SPLINE[y].weights[r] * SPLINE[x].weights[c];
          const knot = 2 * ((SPLINE[y].knot + r) * KNOTS + SPLINE[x].knot + c);
          dx += weight * bend[knot];
          dy += weight * bend[knot + 1];
        }
      }
      // The spline averages its knots; 2 brings the spread back to about theirs.
      bent[y * RASTER + x] = sample(raster, RASTER, x + 2 * RASTER * dx, y + 2 * RASTER * dy);
    }
  }
  return bent;
}

/** The box of the ink and its centre of mass. */
function inkExtent(raster) {
  let [left, right, top, bottom, mass, mx, my] = [RASTER, 0, RASTER, 0, 0, 0, 0];
  for (let y = 0; y < RASTER; y++)
    for (let x = 0; x < RASTER; x++) {
      const ink = raster[y * RASTER + x];
      mass += ink;
      mx += ink * x;
      my += ink * y;
      if (ink < 0.5) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  return { side: Math.max(right - left, bottom - top) + 1, x: mx / mass, y: my / mass };
}

/** Scales to 28x28 by averaging 5x5 points a pixel, centred by mass. */
function rasterToImage(raster, hand) {
  const extent = inkExtent(raster);
  const step = extent.side / hand.size;
  const points = 5;
  const image = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < SIDE * points; y++)
    for (let x = 0; x < SIDE * points; x++) {
      const px = extent.x + ((x + 0.5) / points - SIDE / 2 + hand.shift[0]) * step;
      const py = extent.y + ((y + 0.5) / points - SIDE / 2 + hand.shift[1]) * step;
      image[Math.floor(y / points) * SIDE + Math.floor(x / points)] +=
        sample(raster, RASTER, px, py) / points ** 2;
    }
  return image;
}

/** A Gaussian blur of standard deviation `sigma` pixels, black outside. */
export function blurImage(image, sigma) {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((a, b) => a + b);
  const along = (image, stepOfLine, stepInLine) => {
    const out = new Float64Array(SIDE * SIDE);
    for (let line = 0; line < SIDE; line++)
      for (let i = 0; i < SIDE; i++)
        for (let k = Math.max(-radius, -i); k <= Math.min(radius, SIDE - 1 - i); k++)
          out[line * stepOfLine + i * stepInLine] +=
            (kernel[k + radius] / sum) * image[line * stepOfLine + (i + k) * stepInLine];
    return out;
  };
  return along(along(image, SIDE, 1), 1, SIDE);
}

/** @param {Hand} hand @returns {Float64Array} [28, 28], 0 to 1 */
function handToImage(hand) {
  const image = blurImage(rasterToImage(bendRaster(handToRaster(hand), hand.bend), hand), hand.blur);
  return image.map((value) => Math.min(1, hand.ink * value));
}

/** @param {Float64Array} image */
export const imageToBytes = (image) =>
  Uint8Array.from(image, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));

/**
 * Draws digits, the ten classes equally often, in random order.
 * @param {number} count
 * @param {number} seed
 * @param {{ classes?: number[], handsPerClass?: number, finish?: (image: Float64Array, random: import("./random.js").Random) => Float64Array }} [options]
 *   `handsPerClass`: draw only so many different digits of each class and repeat them nearly unchanged
 * @returns {{ images: Float64Array[], labels: Uint8Array }} each image [28, 28], 0 (black) to 1
 */
export function drawDigits(count, seed, options = {}) {
  fonts ??= registerFonts();
  const random = seedToRandom(seed);
  const classes = options.classes ?? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const labels = Uint8Array.from({ length: count }, (_, i) => classes[i % classes.length]);
  random.shuffle(labels);
  const repeated = new Map();
  const drawHand = (digit) => {
    if (options.handsPerClass === undefined) return randomToHand(random, digit);
    if (!repeated.has(digit))
      repeated.set(
        digit,
        Array.from({ length: options.handsPerClass }, () => randomToHand(random, digit)),
      );
    return jitterHand(repeated.get(digit)[random.below(options.handsPerClass)], random);
  };
  const images = Array.from(labels, (digit) => {
    const image = handToImage(drawHand(digit));
    return options.finish === undefined ? image : options.finish(image, random);
  });
  return { images, labels };
}
