/** Random crops and mirrors of training images: one draw for all images of a sample. */
import type { RandomStream } from "../../random.ts";
import type { Size } from "./sample-form.ts";

/** Where a crop begins, and whether it is mirrored. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly mirrored: boolean;
}

export interface Augmentation {
  /** Of the images. */
  readonly from: Size;
  /** Of the crops. */
  readonly to: Size;
  readonly flip: boolean;
}

/** Whether anything is left to chance. */
export const isRandom = ({ from, to, flip }: Augmentation): boolean =>
  flip || from[0] !== to[0] || from[1] !== to[1];

/** n crops: every place and both directions are equally likely. Takes three numbers of the stream a crop. */
export function drawCrops({ from, to, flip }: Augmentation, n: number, random: RandomStream): Crop[] {
  const chance = random.uniform(new Float32Array(3 * n));
  return Array.from({ length: n }, (_, i) => ({
    top: Math.floor(chance[3 * i] * (from[0] - to[0] + 1)),
    left: Math.floor(chance[3 * i + 1] * (from[1] - to[1] + 1)),
    mirrored: flip && chance[3 * i + 2] < 0.5,
  }));
}

/** @returns `[...to, channels]` of an image of `[..., width, channels]`, mirrored after it is cropped */
export function cropImage(
  pixels: Uint8Array,
  [width, channels]: readonly [width: number, channels: number],
  [height, columns]: Size,
  { top, left, mirrored }: Crop,
): Uint8Array {
  const cropped = new Uint8Array(height * columns * channels);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < columns; x++) {
      const column = left + (mirrored ? columns - 1 - x : x);
      const from = ((top + y) * width + column) * channels;
      for (let c = 0; c < channels; c++) cropped[to++] = pixels[from + c];
    }
  return cropped;
}
