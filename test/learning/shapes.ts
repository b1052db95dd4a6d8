/** Where drawn shapes are in their images, and what lies there. Images are [n, 16, 16, 3] in [-1, 1], on white. */

const SIDE = 16;
const AREA = SIDE * SIDE;

/** Darker than white in some channel. */
const isDrawn = (image: Float32Array, pixel: number): boolean =>
  Math.min(image[3 * pixel], image[3 * pixel + 1], image[3 * pixel + 2]) < 0;

export const imageAt = (images: Float32Array, i: number): Float32Array =>
  images.subarray(3 * AREA * i, 3 * AREA * (i + 1));

/** Pixels of a shape, outlined or filled: of each row those between the outermost ones. Shapes are convex. */
function imageToShape(image: Float32Array): number[] {
  const pixels: number[] = [];
  for (let row = 0; row < SIDE; row++) {
    const drawn = Array.from({ length: SIDE }, (_, column) => row * SIDE + column).filter((at) =>
      isDrawn(image, at),
    );
    for (let at = drawn[0]; at <= drawn[drawn.length - 1]; at++) pixels.push(at);
  }
  return pixels;
}

/** Pixels of a shape whose four neighbours belong to it. */
export function imageToInterior(image: Float32Array): number[] {
  const shape = new Set(imageToShape(image));
  return [...shape].filter((at) => [at - SIDE, at + SIDE, at - 1, at + 1].every((next) => shape.has(next)));
}

export interface Measured {
  readonly isRed: boolean;
  readonly isFilled: boolean;
}

/** The attributes that an image shows where `original` has its shape. */
export function measureAttributes(image: Float32Array, original: Float32Array): Measured {
  const shape = imageToShape(original);
  const interior = imageToInterior(original);
  const red = shape.reduce((sum, at) => sum + image[3 * at] - image[3 * at + 2], 0);
  const filled = interior.filter((at) => isDrawn(image, at)).length;
  return { isRed: red > 0, isFilled: filled > interior.length / 2 };
}

/** The mean colour of an interior, and which of red, green and blue is nearest to it. */
export function interiorToHue(image: Float32Array, interior: readonly number[]): number {
  const mean = [0, 1, 2].map(
    (channel) => interior.reduce((sum, at) => sum + image[3 * at + channel], 0) / interior.length,
  );
  const distances = HUES.map((hue) => hue.reduce((sum, level, c) => sum + (level - mean[c]) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}

/** Red, green (128 of 255) and blue. */
const HUES = [
  [1, -1, -1],
  [-1, 128 / 127.5 - 1, -1],
  [-1, -1, 1],
] as const;
