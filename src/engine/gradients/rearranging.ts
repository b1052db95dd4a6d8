/** Gradients of kernels that only move pixels: mirrored borders, and channels laid out as squares of pixels. */
import * as tf from "../tfjs.ts";
import type { GradientRow } from "./row.ts";

/** `[begin, begin + size)` along an axis, all of the others. */
function partOf(x: tf.Tensor, axis: number, begin: number, size: number): tf.Tensor {
  const begins = x.shape.map((_, i) => (i === axis ? begin : 0));
  return tf.slice(
    x,
    begins,
    x.shape.map((side, i) => (i === axis ? size : side)),
  );
}

/** Zeros before and after, along an axis. */
const between = (x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor =>
  tf.pad(
    x,
    x.shape.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])),
  );

/**
 * The slope of a mirrored axis: that of the middle, and those of both borders, turned round, where they were read from.
 * `skipped` is 1 where the mirror stands on the outermost element (reflect), 0 where it stands beside it (symmetric).
 */
function foldBorders(
  slope: tf.Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  skipped: number,
): tf.Tensor {
  const size = slope.shape[axis] - before - after;
  const untouched = size - before - after - 2 * skipped;
  if (untouched < 0) return foldByParts(slope, axis, [before, after], skipped);
  let begin = 0;
  const at = [before, skipped, before, untouched, after, skipped, after].map((width) => {
    const piece = width > 0 ? partOf(slope, axis, begin, width) : undefined;
    begin += width;
    return piece;
  });
  const folded = (piece?: tf.Tensor, border?: tf.Tensor) =>
    piece && border && tf.add(piece, tf.reverse(border, axis));
  const parts = [at[1], folded(at[2], at[0]), at[3], folded(at[4], at[6]), at[5]];
  return tf.concat(
    parts.filter((part) => part !== undefined),
    axis,
  );
}

/** The same where the two borders reach into one another's. */
function foldByParts(
  slope: tf.Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  skipped: number,
): tf.Tensor {
  const size = slope.shape[axis] - before - after;
  const turned = (begin: number, width: number): tf.Tensor =>
    tf.reverse(partOf(slope, axis, begin, width), axis);
  const parts = [partOf(slope, axis, before, size)];
  if (before > 0) parts.push(between(turned(0, before), axis, skipped, size - before - skipped));
  if (after > 0) parts.push(between(turned(before + size, after), axis, size - after - skipped, skipped));
  return parts.reduce((sum, part) => tf.add(sum, part));
}

export const rearranging = {
  // tensorflow.js's own forgets the borders: what they were read from gets no slope for them.
  MirrorPad: {
    gradFunc: (dy, _saved, attrs) => ({
      x: () => {
        const { paddings, mode } = attrs as unknown as tf.MirrorPadAttrs;
        const skipped = mode === "reflect" ? 1 : 0;
        return paddings.reduce(
          (slope, sides, axis) =>
            sides[0] + sides[1] > 0 ? foldBorders(slope, axis, sides, skipped) : slope,
          dy as tf.Tensor,
        );
      },
    }),
  },
  // The squares back into channels.
  DepthToSpace: {
    gradFunc: (dy, _saved, attrs) => ({
      x: () => {
        const { blockSize, dataFormat } = attrs as unknown as tf.DepthToSpaceAttrs;
        const last = dataFormat === "NHWC";
        const slope = last ? (dy as tf.Tensor) : tf.transpose(dy as tf.Tensor, [0, 2, 3, 1]);
        const [batch, height, width, channels] = slope.shape;
        const [rows, columns] = [height / blockSize, width / blockSize];
        const split = tf.reshape(slope, [batch, rows, blockSize, columns, blockSize, channels]);
        const gathered = tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [
          batch,
          rows,
          columns,
          blockSize * blockSize * channels,
        ]);
        return last ? gathered : tf.transpose(gathered, [0, 3, 1, 2]);
      },
    }),
  },
} as const satisfies Record<string, GradientRow>;
