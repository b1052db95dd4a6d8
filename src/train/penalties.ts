/** Terms that bound the discriminator's slope. */

import type { Tensors } from "../engine/engine.ts";
import * as tf from "../engine/tfjs.ts";
import type { PenaltyName } from "./options/names.ts";

export type { PenaltyName };

/** Images `[n, ...]` to logits `[n, 1]`. */
export type Critic = (images: tf.Tensor) => tf.Tensor;

/** Where a penalty looks, and what it needs for that besides the batches. */
export interface PenaltyInputs {
  readonly real: tf.Tensor;
  readonly fake: tf.Tensor;
  /** `[n, 1, ...]` uniform: where each pair is mixed. */
  readonly mix: tf.Tensor;
  /** Uniform, as the images: DRAGAN's noise. */
  readonly noise: tf.Tensor;
}

export interface Penalty {
  readonly label: string;
  /** Random inputs that it reads. */
  readonly needs: readonly ("mix" | "noise")[];
  /** What it is multiplied by unless told otherwise. */
  readonly weight: number;
  readonly apply: (critic: Critic, inputs: PenaltyInputs) => tf.Scalar;
  readonly source: string;
}

/** Keeps the root's derivative finite where a gradient is zero. */
const TINY = 1e-12;

/** |dD/dx|^2 of each image, `[n]`. */
function squaredSlopes(critic: Critic, at: tf.Tensor): tf.Tensor1D {
  const slopes = tf.grad((x) => tf.sum(critic(x)))(at);
  return tf.sum(tf.square(tf.reshape(slopes, [at.shape[0], -1])), 1);
}

const slopes = (critic: Critic, at: tf.Tensor): tf.Tensor1D =>
  tf.sqrt(tf.add(squaredSlopes(critic, at), TINY));

const mixed = ({ real, fake, mix }: PenaltyInputs): tf.Tensor =>
  tf.add(fake, tf.mul(tf.sub(real, fake), mix));

const meanSquare = (x: tf.Tensor): tf.Scalar => tf.mean(tf.square(x));

/** Every penalty, by the name of `--penalty`. `|g|` is the norm of the discriminator's gradient by an image. */
export const PENALTIES = {
  /** E (|g| - 1)^2 between real and fake. */
  interpolated: {
    label: "gradient penalty",
    needs: ["mix"],
    weight: 10,
    apply: (critic, inputs) => meanSquare(tf.sub(slopes(critic, mixed(inputs)), 1)),
    source: "Gulrajani et al. 2017",
  },
  /** E max(0, |g| - 1)^2 between real and fake. */
  "one-sided": {
    label: "one-sided gradient penalty",
    needs: ["mix"],
    weight: 10,
    apply: (critic, inputs) => meanSquare(tf.relu(tf.sub(slopes(critic, mixed(inputs)), 1))),
    source: "Petzka et al. 2018",
  },
  /** E |g|^2 between real and fake. */
  "zero-centred": {
    label: "zero-centred gradient penalty",
    needs: ["mix"],
    weight: 10,
    apply: (critic, inputs) => tf.mean(squaredSlopes(critic, mixed(inputs))),
    source: "Thanh-Tung et al. 2019",
  },
  /** E (|g| - 1)^2 near real images: real + mix (sd / 2) noise, sd over the whole batch, a constant to gradients. */
  dragan: {
    label: "DRAGAN's penalty",
    needs: ["mix", "noise"],
    weight: 10,
    apply: (critic, { real, mix, noise }) => {
      const deviation = tf.sqrt(tf.moments(real).variance);
      const near = tf.add(real, tf.mul(tf.mul(noise, mix), tf.mul(deviation, 0.5)));
      return meanSquare(tf.sub(slopes(critic, near), 1));
    },
    source: "Kodali et al. 2017",
  },
  /** E |g|^2 / 2 at real images. */
  r1: {
    label: "R1",
    needs: [],
    weight: 10,
    apply: (critic, { real }) => tf.mul(tf.mean(squaredSlopes(critic, real)), 0.5),
    source: "Mescheder et al. 2018",
  },
  /** E |g|^2 / 2 at fake images. */
  r2: {
    label: "R2",
    needs: [],
    weight: 10,
    apply: (critic, { fake }) => tf.mul(tf.mean(squaredSlopes(critic, fake)), 0.5),
    source: "Mescheder et al. 2018",
  },
  /** (E |g|^6 at real + E |g|^6 at fake) / 2, with weight k = 2 and p = 6 as in the paper. */
  divergence: {
    label: "Wasserstein divergence",
    needs: [],
    weight: 2,
    apply: (critic, { real, fake }) => {
      const sixth = (at: tf.Tensor) => tf.mean(tf.pow(squaredSlopes(critic, at), 3));
      return tf.mul(tf.add(sixth(real), sixth(fake)), 0.5);
    },
    source: "Wu et al. 2018",
  },
} as const satisfies Readonly<Record<PenaltyName, Penalty>>;

/**
 * Sum over matrices of |W'W off its diagonal|^2: columns stay apart, their lengths free. A column is what one unit reads;
 * of a transposed convolution, whose last axis is its input, what one input writes.
 * Source: Brock et al. 2017 in BigGAN's form (2019).
 */
export function orthogonality(weights: Tensors): tf.Scalar {
  const terms = Object.values(weights)
    .filter(({ shape }) => shape.length > 1)
    .map((array) => {
      const columns = array.shape[array.shape.length - 1];
      const matrix = tf.reshape(array, [-1, columns]) as tf.Tensor2D;
      const products = tf.matMul(matrix, matrix, true);
      const others = tf.sub(tf.ones([columns, columns]), tf.eye(columns));
      return tf.sum(tf.square(tf.mul(products, others))) as tf.Scalar;
    });
  return terms.reduce((sum, term) => tf.add(sum, term), tf.scalar(0));
}
