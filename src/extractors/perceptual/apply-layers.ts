/** Lists of layers as functions of tensors, through which gradients flow to the images. */
import type { ArrayValue, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { isConvolution, type NetworkLayer } from "./layers.ts";

/** Arrays as constants of the function that is being compiled. */
export const arraysToTensors = (arrays: Readonly<Record<string, ArrayValue>>): Tensors =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape], "float32")]),
  );

/** Grey images as three equal channels: `[n, h, w, 1]` to `[n, h, w, 3]`; others stay. */
export const toThreeChannels = (images: tf.Tensor): tf.Tensor =>
  images.shape[3] === 1 ? tf.concat([images, images, images], 3) : images;

/** Zeros around the maps, `pad` on every side; tensorflow.js's own "same" differs with strides. */
const padded = (maps: tf.Tensor4D, pad: number): tf.Tensor4D =>
  pad === 0
    ? maps
    : tf.pad4d(maps, [
        [0, 0],
        [pad, pad],
        [pad, pad],
        [0, 0],
      ]);

function applyLayer(maps: tf.Tensor4D, layer: NetworkLayer, weights: Tensors): tf.Tensor4D {
  if (isConvolution(layer)) {
    const { key, stride, pad, filter } = layer;
    const isSame = stride === 1 && 2 * pad === filter[0] - 1;
    const kernel = weights[`${key}.weight`] as tf.Tensor4D;
    const convolved = isSame
      ? tf.conv2d(maps, kernel, 1, "same")
      : tf.conv2d(padded(maps, pad), kernel, stride, "valid");
    return tf.add(convolved, weights[`${key}.bias`]!);
  }
  if (layer.kind === "pool") return tf.maxPool(maps, layer.size, layer.stride, "valid");
  return tf.relu(maps);
}

/**
 * The maps of the named layers, in their order.
 * @param images `[n, height, width, channels]`, scaled as the network expects
 * @param weights `KEY.weight` `[h, w, in, out]` and `KEY.bias` `[out]` of every convolution
 */
export function applyLayers(
  images: tf.Tensor,
  layers: readonly NetworkLayer[],
  weights: Tensors,
  taps: readonly string[],
): tf.Tensor4D[] {
  const tapped: tf.Tensor4D[] = [];
  let maps = images as tf.Tensor4D;
  for (const layer of layers) {
    maps = applyLayer(maps, layer, weights);
    if (taps.includes(layer.name)) tapped.push(maps);
  }
  return tapped;
}
