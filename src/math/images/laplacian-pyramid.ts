/** An image as details of each size, and what is left of it: Burt & Adelson 1983. */

/** [channels][height, width] */
export interface Planes {
  readonly channels: readonly Float32Array[];
  readonly width: number;
  readonly height: number;
}

/** The place in a line of `length`, mirrored at its ends without repeating them. */
function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const place = ((at % period) + period) % period;
  return place < length ? place : period - place;
}

/** One axis of a 5-tap binomial filter: `lines` lines, `lineStep` apart, of `length` numbers `step` apart. */
function smoothAxis(
  plane: Float32Array,
  [lines, lineStep]: readonly [number, number],
  [length, step]: readonly [number, number],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(plane.length);
  const at = (start: number, i: number) => plane[start + mirrored(i, length) * step]!;
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let i = 0; i < length; i++) {
      const place = start + i * step;
      out[place] =
        i >= 2 && i < length - 2
          ? (plane[place - 2 * step]! +
              plane[place + 2 * step]! +
              4 * (plane[place - step]! + plane[place + step]!) +
              6 * plane[place]!) /
            16
          : (at(start, i - 2) +
              at(start, i + 2) +
              4 * (at(start, i - 1) + at(start, i + 1)) +
              6 * plane[place]!) /
            16;
    }
  }
  return out;
}

const smooth = (plane: Float32Array, width: number, height: number) =>
  smoothAxis(smoothAxis(plane, [height, width], [width, 1]), [width, 1], [height, width]);

/** A part of a plane whose rows are `stride` long: every `step`-th pixel. */
function sample(plane: Float32Array, stride: number, width: number, height: number, step: number) {
  const out = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[to++] = plane[step * (y * stride + x)]!;
  return out;
}

/** Smoothed, and every other pixel of it. */
const shrink = (plane: Float32Array, width: number, height: number) =>
  sample(smooth(plane, width, height), width, Math.ceil(width / 2), Math.ceil(height / 2), 2);

/** Pixels four times as strong among zeros, smoothed: to [height, width], about twice the size of `plane`. */
function grow(plane: Float32Array, width: number, height: number): Float32Array {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const spread = new Float32Array(4 * w * h);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) spread[4 * y * w + 2 * x] = 4 * plane[y * w + x]!;
  return sample(smooth(spread, 2 * w, 2 * h), 2 * w, width, height, 1);
}

/** Levels of a size: halved while 16 pixels are left of the shorter side's power of 2. */
export const sizeToLevels = (width: number, height: number): number =>
  Math.max(1, Math.floor(Math.log2(Math.min(width, height))) - 3);

/**
 * The level `level` of an image's Laplacian pyramid of `levels`, from the finest, 0: what the image at that size has
 * more than the next smaller one; the last level is the smallest image itself. As OpenCV's pyrDown and pyrUp, TF-GAN
 * and PGGAN's authors have it, edges mirrored.
 */
export function imageToLevel(
  { pixels, width, height }: { readonly pixels: Uint8Array; readonly width: number; readonly height: number },
  level: number,
  levels: number,
): Planes {
  let [w, h] = [width, height];
  let channels = [0, 1, 2].map((channel) => {
    const plane = new Float32Array(w * h);
    for (let i = 0; i < plane.length; i++) plane[i] = pixels[3 * i + channel]!;
    return plane;
  });
  for (let at = 0; at < level; at++) {
    channels = channels.map((plane) => shrink(plane, w, h));
    [w, h] = [Math.ceil(w / 2), Math.ceil(h / 2)];
  }
  if (level < levels - 1)
    channels = channels.map((plane) => {
      const coarse = grow(shrink(plane, w, h), w, h);
      for (let i = 0; i < plane.length; i++) plane[i]! -= coarse[i]!;
      return plane;
    });
  return { channels, width: w, height: h };
}
