/** Multi-scale structural similarity of images of one size, pair by pair. */
import { C1, C2, openSimilarityPlanes, PLANES_START, SLACK, toGaussian } from "./similarity-planes.ts";

/** [height, width, 3] Levels from 0 to 255. */
export interface Levels {
  readonly pixels: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** The exponents of the scales, from the image itself to a sixteenth of it. Source: Wang et al. 2003. */
const EXPONENTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
const CHANNELS = 3;
const WINDOW = 11;
const SIGMA = 1.5;

interface Scale {
  readonly height: number;
  readonly width: number;
  /** Numbers from row to row. */
  readonly stride: number;
  /** A window is at most as large as the image is at this scale. */
  readonly taps: number;
  readonly planeBytes: number;
  /** Where its weights and, in an image, its planes begin. */
  readonly weightsAt: number;
  readonly offset: number;
}

/** Room for the weights of a window. */
const WEIGHT_BYTES = 96;

/** Three planes a channel: levels, means, mean squares. */
const PLANES = 3;

function toScales(height: number, width: number): Scale[] {
  const scales: Scale[] = [];
  let [h, w, offset] = [height, width, 0];
  for (let s = 0; s < EXPONENTS.length; s++) {
    const stride = Math.ceil(w / 2) * 2;
    const planeBytes = 8 * stride * h;
    const weightsAt = PLANES_START + WEIGHT_BYTES * s;
    scales.push({ height: h, width: w, stride, taps: Math.min(WINDOW, h, w), planeBytes, weightsAt, offset });
    offset += CHANNELS * PLANES * planeBytes;
    h = Math.ceil(h / 2);
    w = Math.ceil(w / 2);
  }
  return scales;
}

/** Means of 2 x 2; an odd row or column is its own partner. */
function halve(from: Float64Array, large: Scale, to: Float64Array, small: Scale): void {
  for (let y = 0; y < small.height; y++) {
    const top = 2 * y * large.stride;
    const bottom = Math.min(2 * y + 1, large.height - 1) * large.stride;
    for (let x = 0; x < small.width; x++) {
      const [left, right] = [2 * x, Math.min(2 * x + 1, large.width - 1)];
      to[y * small.stride + x] =
        (from[top + left]! + from[top + right]! + from[bottom + left]! + from[bottom + right]!) / 4;
    }
  }
}

/**
 * [count, count] Multi-scale structural similarity of every pair of images, 1 on the diagonal:
 *
 *     mean over channels of prod_s max(0, mean cs_s)^e_s max(0, mean (l cs)_5)^e_5,
 *     l = (2 mu_x mu_y + C1) / (mu_x^2 + mu_y^2 + C1),  cs = (2 cov_xy + C2) / (var_x + var_y + C2),
 *
 * s = 1..4, exponents .0448, .2856, .3001, .2363, .1333, over windows of 11 x 11 (Gaussian, sigma 1.5) that lie within the
 * image; from scale to scale means of 2 x 2. An image smaller than the window at some scale has a window of its own
 * size there: five scales always, down to one pixel. In float64.
 * Source: Wang et al. 2003; compare_gan's image_similarity.py, with its window for small images.
 *
 * @throws GanEvalError `input.too-large`
 */
export function imagesToSimilarities(images: readonly Levels[]): Float64Array {
  const count = images.length;
  const { height, width } = images[0]!;
  const scales = toScales(height, width);
  const { offset, planeBytes } = scales.at(-1)!;
  const imageBytes = offset + CHANNELS * PLANES * planeBytes;
  const rowAt = PLANES_START + WEIGHT_BYTES * EXPONENTS.length;
  const productAt = rowAt + 8 * (scales[0]!.stride + SLACK);
  const blurredAt = productAt + scales[0]!.planeBytes + 8 * SLACK;
  const imagesAt = blurredAt + scales[0]!.planeBytes + 8 * SLACK;
  const { multiply, blur, compare, numbers } = openSimilarityPlanes(
    imagesAt + count * imageBytes + 8 * SLACK,
    `images of which ${count} and their scales`,
    "Give smaller images, or fewer at a time: --ms-ssim-size 16.",
  );
  const planeAt = (image: number, scale: Scale, channel: number, plane: number) =>
    imagesAt + image * imageBytes + scale.offset + (channel * PLANES + plane) * scale.planeBytes;
  /** The product of two planes, blurred. */
  const blurProduct = (x: number, y: number, scale: Scale, to: number) => {
    multiply(x, y, scale.planeBytes, productAt);
    blur(productAt, scale.height, scale.stride, scale.taps, scale.weightsAt, rowAt, to);
  };

  for (const { taps, weightsAt } of scales) numbers(weightsAt, 8 * taps).set(toGaussian(taps, SIGMA));
  for (const [p, { pixels }] of images.entries())
    for (let channel = 0; channel < CHANNELS; channel++)
      for (const [s, scale] of scales.entries()) {
        const [at, means, squares] = [0, 1, 2].map((plane) => planeAt(p, scale, channel, plane)) as [
          number,
          number,
          number,
        ];
        const plane = numbers(at, scale.planeBytes);
        if (s > 0) {
          const larger = scales[s - 1]!;
          halve(numbers(planeAt(p, larger, channel, 0), larger.planeBytes), larger, plane, scale);
        } else
          for (let y = 0, from = channel; y < height; y++)
            for (let x = 0; x < width; x++, from += CHANNELS) plane[y * scale.stride + x] = pixels[from]!;
        blur(at, scale.height, scale.stride, scale.taps, scale.weightsAt, rowAt, means);
        blurProduct(at, at, scale, squares);
      }

  const similarity = (a: number, b: number): number => {
    let sum = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      let product = 1;
      for (const [s, scale] of scales.entries()) {
        const [x, y] = [planeAt(a, scale, channel, 0), planeAt(b, scale, channel, 0)];
        blurProduct(x, y, scale, blurredAt);
        const [rows, columns] = [scale.height - scale.taps + 1, scale.width - scale.taps + 1];
        const measure = compare(
          x + scale.planeBytes,
          x + 2 * scale.planeBytes,
          y + scale.planeBytes,
          y + 2 * scale.planeBytes,
          blurredAt,
          ...([rows, columns, scale.stride] as const),
          ...([C1, C2] as const),
          s === scales.length - 1 ? 1 : 0,
        );
        product *= Math.max(0, measure / (rows * columns)) ** EXPONENTS[s]!;
      }
      sum += product;
    }
    return sum / CHANNELS;
  };
  const similarities = new Float64Array(count * count).fill(1);
  for (let a = 0; a < count; a++)
    for (let b = 0; b < a; b++) similarities[a * count + b] = similarities[b * count + a] = similarity(a, b);
  return similarities;
}
