/** DINOv2 and CLIP's image side as functions of tensors. */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import type { Transformer } from "./read-transformer.ts";
import { applyBlocks, imagesToTokens, layerNorm, type TransformerShape } from "./transformer.ts";

/** What the two do differently. */
const KINDS = {
  /** Source: dinov2/models/vision_transformer.py and layers/block.py. */
  dinov2: { epsilon: 1e-6, activation: "gelu", hasLayerScale: true },
  /** Source: transformers/models/clip/modeling_clip.py. */
  clip: { epsilon: 1e-5, activation: "quickGelu", hasLayerScale: false },
} as const;

/** What each gives for an image, and its width. */
export const transformerToEnds = (architecture: Transformer): Readonly<Record<string, number>> =>
  architecture.kind === "dinov2"
    ? { class_token: architecture.width }
    : { projection: architecture.projection, class_token: architecture.width };

/**
 * The ends of a batch of images:
 *
 * - `class_token`: the class token after the last norm, `[n, width]`
 * - `projection` (CLIP alone): its product with the projection, `[n, projection]`; rows are not brought to length 1
 *
 * @param images `[n, side, side, 3]`, scaled as the network expects, the side a multiple of the patch
 * @param weights of `readTransformer`, for images of this side
 */
export function imagesToTransformerEnds(
  images: tf.Tensor,
  weights: Tensors,
  architecture: Transformer,
): Tensors {
  const { width, depth, heads, patch } = architecture;
  const [count, side] = images.shape as [number, number];
  const tokens = 1 + (side / patch) ** 2;
  const shape: TransformerShape = { width, depth, heads, images: count, tokens, ...KINDS[architecture.kind] };
  let rows = imagesToTokens(images, weights, { ...shape, patch });
  if (architecture.kind === "clip") rows = layerNorm(rows, weights, "pre", shape.epsilon);
  const classToken = layerNorm(applyBlocks(rows, weights, shape), weights, "norm", shape.epsilon);
  if (architecture.kind === "dinov2") return { class_token: classToken };
  const projection = weights.projection as tf.Tensor2D;
  return {
    projection: tf.matMul(classToken as tf.Tensor2D, projection, false, true),
    class_token: classToken,
  };
}
