/** The blocks that vision transformers have in common, as functions of tensors: DINOv2's and CLIP's. */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";

/** x Phi(x), exactly: x / 2 (1 + erf(x / sqrt 2)). */
const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)), 0.5);

/** OpenAI's stand-in for it: x sigmoid(1.702 x). */
const quickGelu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));

const ACTIVATIONS = { gelu, quickGelu } as const;

export interface TransformerShape {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Images of the batch. */
  readonly images: number;
  /** Of an image, the class token among them. */
  readonly tokens: number;
  /** Added to the variance in every norm. */
  readonly epsilon: number;
  readonly activation: keyof typeof ACTIVATIONS;
  /** Whether what a block adds is multiplied by learned numbers first. */
  readonly hasLayerScale: boolean;
}

/** `(x - mean) / sqrt(variance + epsilon) weight + bias` of each row. */
export function layerNorm(x: tf.Tensor, weights: Tensors, name: string, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const scaled = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(scaled, weights[`${name}.weight`]!), weights[`${name}.bias`]!);
}

/** Rows `[n, in]` times weights `[out, in]`, as PyTorch keeps them, plus the bias. */
const dense = (rows: tf.Tensor, weights: Tensors, name: string): tf.Tensor =>
  tf.add(
    tf.matMul(rows as tf.Tensor2D, weights[`${name}.weight`] as tf.Tensor2D, false, true),
    weights[`${name}.bias`]!,
  );

/** Rows of all images' tokens to `[images, heads, tokens, width / heads]`. */
function toHeads(rows: tf.Tensor, { images, heads, width }: TransformerShape, tokens: number): tf.Tensor {
  const split = tf.reshape(rows, [images, tokens, heads, width / heads]);
  return tf.transpose(split, [0, 2, 1, 3]);
}

/** The rows of class tokens: token 0 of each image. */
const toClassTokens = (rows: tf.Tensor, { images, tokens, width }: TransformerShape): tf.Tensor =>
  tf.reshape(tf.slice(tf.reshape(rows, [images, tokens, width]), [0, 0, 0], [images, 1, width]), [
    images,
    width,
  ]);

/** softmax(q k' / sqrt(width / heads)) v of each head. @param asking the rows that ask: all tokens, or class tokens alone */
function attend(rows: tf.Tensor, asking: tf.Tensor, weights: Tensors, name: string, shape: TransformerShape) {
  const { images, tokens, width, heads } = shape;
  const askingTokens = asking.shape[0]! / images;
  const scale = 1 / Math.sqrt(width / heads);
  const query = tf.mul(toHeads(dense(asking, weights, `${name}.query`), shape, askingTokens), scale);
  const [key, value] = ["key", "value"].map((part) =>
    toHeads(dense(rows, weights, `${name}.${part}`), shape, tokens),
  );
  const shares = tf.softmax(tf.matMul(query, key!, false, true));
  const mixed = tf.transpose(tf.matMul(shares, value!), [0, 2, 1, 3]);
  return dense(tf.reshape(mixed, [images * askingTokens, width]), weights, `${name}.proj`);
}

function mix(rows: tf.Tensor, weights: Tensors, name: string, { activation }: TransformerShape): tf.Tensor {
  const hidden = ACTIVATIONS[activation](dense(rows, weights, `${name}.fc1`));
  return dense(hidden, weights, `${name}.fc2`);
}

/**
 * `x + scale1 attention(norm1 x)`, then `x + scale2 mlp(norm2 x)`, so many times.
 * The last block computes the class tokens alone: they are all that anyone reads of it.
 *
 * @param tokens `[images tokens, width]`
 * @param weights `blocks.N.norm1.weight` ..., as `TRANSFORMER_STEMS` has them
 * @returns class tokens before the last norm, `[images, width]`
 */
export function applyBlocks(tokens: tf.Tensor, weights: Tensors, shape: TransformerShape): tf.Tensor {
  const scaled = (x: tf.Tensor, name: string) => (shape.hasLayerScale ? tf.mul(x, weights[name]!) : x);
  let rows = tokens;
  for (let block = 0; block < shape.depth; block++) {
    const name = `blocks.${block}`;
    const normed = layerNorm(rows, weights, `${name}.norm1`, shape.epsilon);
    const isLast = block === shape.depth - 1;
    const [asking, kept] = isLast
      ? [toClassTokens(normed, shape), toClassTokens(rows, shape)]
      : [normed, rows];
    const attended = tf.add(kept, scaled(attend(normed, asking, weights, name, shape), `${name}.scale1`));
    const again = layerNorm(attended, weights, `${name}.norm2`, shape.epsilon);
    rows = tf.add(attended, scaled(mix(again, weights, name, shape), `${name}.scale2`));
  }
  return rows;
}

/**
 * Images as rows of tokens: patches by one convolution, a class token before them, positions added.
 * @param images `[n, height, width, 3]`, scaled as the network expects
 * @param weights `patch.weight` `[patch, patch, 3, width]`, `patch.bias` where it has one, `class` `[width]` with its
 *   position added, `positions` `[tokens - 1, width]`
 * @returns `[n tokens, width]`
 */
export function imagesToTokens(
  images: tf.Tensor,
  weights: Tensors,
  { patch, ...shape }: TransformerShape & { readonly patch: number },
): tf.Tensor {
  const { tokens, width } = shape;
  const maps = tf.conv2d(images as tf.Tensor4D, weights["patch.weight"] as tf.Tensor4D, patch, "valid");
  const bias = weights["patch.bias"];
  const patches = tf.reshape(bias ? tf.add(maps, bias) : maps, [shape.images, tokens - 1, width]);
  const placed = tf.add(patches, weights.positions!);
  const classTokens = tf.tile(tf.reshape(weights.class!, [1, 1, width]), [shape.images, 1, 1]);
  return tf.reshape(tf.concat([classTokens, placed], 1), [shape.images * tokens, width]);
}
