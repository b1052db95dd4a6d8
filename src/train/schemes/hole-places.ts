/** Where the hole of each image is, read off its mask: what it hides is cut out, and what fills it is put in. */
import * as tf from "../../engine/tfjs.ts";

/** Of n masks with a square of ones: row and column of the image for each row and column of the square, one-hot. */
export interface HolePlaces {
  /** `[n, side, height]` */
  readonly rows: tf.Tensor3D;
  /** `[n, side, width]` */
  readonly columns: tf.Tensor3D;
}

/** `[n, length]` of 0 with `side` ones in a row, to `[n, side, length]`: of each of the ones, where it is. */
function runToPlaces(run: tf.Tensor2D, side: number): tf.Tensor3D {
  const [n, length] = run.shape;
  // The k-th of the ones is where the number of ones so far is k: a sum by a triangle of ones.
  const triangle = tf.tensor2d(
    Float32Array.from({ length: length * length }, (_, at) =>
      Math.floor(at / length) <= at % length ? 1 : 0,
    ),
    [length, length],
  );
  const counts = tf.reshape(tf.matMul(run, triangle), [n, 1, length]);
  const ordinals = tf.tensor3d(
    Float32Array.from({ length: side }, (_, k) => k + 1),
    [1, side, 1],
  );
  const isKth = tf.relu(tf.sub(1, tf.abs(tf.sub(counts, ordinals))));
  return tf.mul(isKth, tf.reshape(run, [n, 1, length]));
}

/** Masks `[n, height, width, 1]`, 1 in a square of `side` pixels. */
export const maskToPlaces = (mask: tf.Tensor, side: number): HolePlaces => ({
  rows: runToPlaces(tf.max(mask, [2, 3]), side),
  columns: runToPlaces(tf.max(mask, [1, 3]), side),
});

/** Row i of the result is the row of x that `rows` names: `[n, p, q]` by `[n, q, w, c]`, to `[n, p, w, c]`. */
function chooseRows(rows: tf.Tensor3D, x: tf.Tensor): tf.Tensor {
  const [n, height, width, channels] = x.shape;
  const chosen = tf.matMul(rows, tf.reshape(x, [n, height, width * channels]));
  return tf.reshape(chosen, [n, rows.shape[1], width, channels]);
}

const transposed = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 1, 3]);

/** What holes hide: of images `[n, height, width, c]` the parts `[n, side, side, c]`. */
export const cutHoles = (images: tf.Tensor, { rows, columns }: HolePlaces): tf.Tensor =>
  transposed(chooseRows(columns, transposed(chooseRows(rows, images))));

/** Parts `[n, side, side, c]` in their places, 0 around them: `[n, height, width, c]`. */
export const partsToPlaces = (parts: tf.Tensor, { rows, columns }: HolePlaces): tf.Tensor => {
  const back = (places: tf.Tensor3D): tf.Tensor3D => tf.transpose(places, [0, 2, 1]);
  return transposed(chooseRows(back(columns), transposed(chooseRows(back(rows), parts))));
};
