/** Layers that put a border around images. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { requireImage } from "./shapes.ts";

/** Pixels on each side. */
export interface BorderOptions {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Zeros around an image, as many on each side as it says. */
export const zeroPad: LayerRow<BorderOptions> = {
  output: (input, { top, bottom, left, right }) => {
    const [height, width, channels] = requireImage(input);
    return [height + top + bottom, width + left + right, channels];
  },
  apply: (x, _arrays, { top, bottom, left, right }) => ({
    output: tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]),
  }),
};

/** The image mirrored at its outermost pixels, which are not repeated: torch.nn.ReflectionPad2d. */
export const reflectionPad: LayerRow<{ readonly size: number }> = {
  output: (input, { size }) => {
    const [height, width, channels] = requireImage(input);
    if (size < Math.min(height, width)) return [height + 2 * size, width + 2 * size, channels];
    throw new GanEvalError(
      "usage.network",
      `expected at least ${size + 1} x ${size + 1} pixels to mirror ${size} at each side, got [${input}]`,
      { hint: "Take larger images, or zeros as padding." },
    );
  },
  apply: (x, _arrays, { size }) => ({
    output: tf.mirrorPad(
      x,
      [
        [0, 0],
        [size, size],
        [size, size],
        [0, 0],
      ],
      "reflect",
    ),
  }),
};
