/** torchvision's VGG and AlexNet with their dense layers: features of precision and recall, and classes of ImageNet. */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { Arrays } from "../../networks/architectures/read-transformer.ts";
import { applyLayers } from "../perceptual/apply-layers.ts";
import {
  isConvolution,
  NETWORKS,
  type NetworkLayer,
  type NetworkName,
  sideToLastSide,
} from "../perceptual/layers.ts";
import { readStateDict, type StateDict, stateDictToArray } from "../perceptual/read-state-dict.ts";
import { stateDictToArrays, stateDictToNetworkName } from "../perceptual/state-dict-to-network.ts";
import type { NamedNetwork } from "./named-network.ts";

/** A network of convolutions and three dense layers. */
export interface ConvolutionalShape {
  readonly layers: readonly NetworkLayer[];
  /** Places of the dense layers in `classifier`, between rectifiers and dropout. Source: torchvision vgg.py, alexnet.py. */
  readonly dense: readonly [number, number, number];
  readonly hidden: number;
  readonly classes: number;
}

const ofImageNet = { hidden: 4096, classes: 1000 } as const;

const SHAPES: Readonly<Record<NetworkName, ConvolutionalShape>> = {
  vgg16: { layers: NETWORKS.vgg16, dense: [0, 3, 6], ...ofImageNet },
  vgg19: { layers: NETWORKS.vgg19, dense: [0, 3, 6], ...ofImageNet },
  alexnet: { layers: NETWORKS.alexnet, dense: [1, 4, 6], ...ofImageNet },
};

function readDense(stateDict: StateDict, shape: ConvolutionalShape, into: number, network: string): Arrays {
  const widths = [into, shape.hidden, shape.hidden, shape.classes];
  const arrays: Arrays = {};
  for (const [i, place] of shape.dense.entries()) {
    const read = (part: string, shape: readonly number[]) => ({
      data: stateDictToArray(stateDict, `classifier.${place}.${part}`, shape, network),
      shape,
    });
    arrays[`fc${i + 1}.weight`] = read("weight", [widths[i + 1]!, widths[i]!]);
    arrays[`fc${i + 1}.bias`] = read("bias", [widths[i + 1]!]);
  }
  return arrays;
}

const dense = (rows: tf.Tensor, weights: Tensors, name: string): tf.Tensor =>
  tf.add(
    tf.matMul(rows as tf.Tensor2D, weights[`${name}.weight`] as tf.Tensor2D, false, true),
    weights[`${name}.bias`]!,
  );

/**
 * The whole network. Its ends: `fc2`, the second dense layer after its rectifier (of width 4096; what torch-fidelity takes
 * for precision and recall), and `logits` of the classes.
 *
 * @param side of the images, at which torchvision's adaptive pool changes nothing: 224
 * @throws GanEvalError `input.perceptual-weights` where a weight is missing or of another shape
 */
export function stateDictToConvolutional(
  stateDict: StateDict,
  shape: ConvolutionalShape,
  side: number,
  network: string,
): NamedNetwork {
  const { layers, hidden, classes } = shape;
  const maps = sideToLastSide(layers, side);
  const flat = layers.findLast(isConvolution)!.filter[3] * maps * maps;
  return {
    ends: { fc2: hidden, logits: classes },
    ...{ featureEnd: "fc2", logitsEnd: "logits", choices: {} },
    arrays: {
      ...stateDictToArrays(stateDict, layers, network),
      ...readDense(stateDict, shape, flat, network),
    },
    apply(images, weights) {
      const [last] = applyLayers(images, layers, weights, [layers.at(-1)!.name]);
      // torch flattens channels first.
      const rows = tf.reshape(tf.transpose(last!, [0, 3, 1, 2]), [images.shape[0]!, flat]);
      const fc1 = tf.relu(dense(rows, weights, "fc1"));
      const fc2 = tf.relu(dense(fc1, weights, "fc2"));
      return { fc2, logits: dense(fc2, weights, "fc3") };
    },
  };
}

/** Reads one of torchvision's from its file. @throws GanEvalError `input.perceptual-weights` for another's, or a part of it */
export async function readConvolutional(
  location: string,
  network: NetworkName,
  side: number,
): Promise<NamedNetwork> {
  const stateDict = await readStateDict(location);
  const found = stateDictToNetworkName(stateDict);
  if (found !== network)
    throw new GanEvalError(
      "input.perceptual-weights",
      `expected the weights of ${network} in ${location}, got those of ${found}`,
      { hint: `Give the file of ${network}, or take --extractor ${found}.` },
    );
  return stateDictToConvolutional(stateDict, SHAPES[network], side, network);
}
