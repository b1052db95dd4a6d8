/** Images and weights by the formulas of bench/peers/paired_peer.py, so that goldens need no files. */
import type { Image } from "../../src/images/source.ts";

type Level = (x: number, y: number, c: number) => number;

function levelsToImage(name: string, height: number, width: number, level: Level): Image {
  const pixels = new Uint8Array(3 * height * width);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++, at++) pixels[at] = level(x, y, c);
  return { pixels, width, height, name };
}

const realLevel =
  (k: number): Level =>
  (x, y, c) =>
    (x * 7 + y * 13 + c * 29 + k * 31 + ((x * y * (c + 1 + k)) % 17) * 5) % 256;

/** The kth real image. */
export const realImage = (k: number, height: number, width: number): Image =>
  levelsToImage(`${k}.png`, height, width, realLevel(k));

/** The kth real image, each level moved by up to 11 (k + 1). */
export const fakeImage = (k: number, height: number, width: number): Image =>
  levelsToImage(`${k}.png`, height, width, (x, y, c) => {
    const moved = (k + 1) * (((x * 5 + y * 3 + c * 11 + k + ((x * y) % 7)) % 23) - 11);
    return Math.min(255, Math.max(0, realLevel(k)(x, y, c) + moved));
  });

/** An image of one level. */
export const flatImage = (level: number, height: number, width: number): Image =>
  levelsToImage(`${level}.png`, height, width, () => level);

/** `[count]` in [-0.5, 0.5): MurmurHash3's finalizer of count and seed. */
export function hashed(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let h = (Math.imul(i, 2654435761) + seed) >>> 0;
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    return (h >>> 0) / 2 ** 32 - 0.5;
  });
}
