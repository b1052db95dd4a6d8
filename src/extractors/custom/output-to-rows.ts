/** An output of any shape as one row for each image. */
import type { ArrayValue } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import type { Layout } from "./custom-options.ts";

export interface Reduction {
  readonly width: number;
  /** What is done to it, where that is a choice: `averaged over its 7x7 places`. */
  readonly said?: string;
  /** @param data of at least so many images @returns `[rows, width]` */
  toRows(data: Float32Array, rows: number): Float32Array;
}

const asItIs = (width: number): Reduction => ({
  width,
  toRows: (data, rows) => data.slice(0, rows * width),
});

const firstToken = (tokens: number, width: number): Reduction => ({
  width,
  said: `the first of its ${tokens} tokens is used`,
  toRows: (data, rows) => {
    const out = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const start = row * tokens * width;
      out.set(data.subarray(start, start + width), row * width);
    }
    return out;
  },
});

/** Sums in float64. */
function spatialMean([height, width]: readonly number[], channels: number, layout: Layout): Reduction {
  const area = height * width;
  const [step, channelStep] = layout === "nchw" ? [1, area] : [channels, 1];
  return {
    width: channels,
    ...(area > 1 && { said: `averaged over its ${height}x${width} positions` }),
    toRows: (data, rows) =>
      Float32Array.from({ length: rows * channels }, (_, i) => {
        const start = Math.floor(i / channels) * area * channels + (i % channels) * channelStep;
        let sum = 0;
        for (let k = 0; k < area; k++) sum += data[start + k * step];
        return sum / area;
      }),
  };
}

/**
 * `[n, d]` stays; a map (`[n, c, h, w]`, or `[n, h, w, c]` of a network that takes channels last) is averaged over its
 * places; of `[n, tokens, d]` the first token is taken, where transformers keep what they say of the whole image; all
 * else is flattened.
 *
 * @param array what `images` images gave
 * @throws GanEvalError `input.extractor-output` where that is not a row each
 */
export function arrayToReduction(
  { shape, data }: ArrayValue,
  images: number,
  layout: Layout,
  name: string,
): Reduction {
  const [n, ...sides] = shape;
  const width = sides.reduce((size, side) => size * side, 1);
  if (n !== images || width === 0 || !(data instanceof Float32Array))
    throw new GanEvalError(
      "input.extractor-output",
      `expected float32 numbers [${images}, d] of output ${name} for ${images} images, got ${data instanceof Float32Array ? "" : "other numbers "}[${shape.join(", ")}]`,
      {
        hint: "Name another output (--output), or export the network with the images along the first axis.",
      },
    );
  if (sides.length === 2) return firstToken(sides[0], sides[1]);
  if (sides.length !== 3) return asItIs(width);
  return layout === "nchw"
    ? spatialMean(sides.slice(1), sides[0], layout)
    : spatialMean(sides.slice(0, 2), sides[2], layout);
}
