/** Feature networks for perceptual losses: the user's VGG or AlexNet, or a stand-in under its own name. */
import type { ArrayValue, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { DIGITS_SIDE, type DigitsWeightName, digitsNetwork } from "../digits/digits-network.ts";
import { readDigitsWeights } from "../digits/digits-weights.ts";
import { applyLayers, toThreeChannels } from "./apply-layers.ts";
import { layersUpTo, NETWORKS, type NetworkName, requireSize } from "./layers.ts";
import { nameToFile } from "./name-to-file.ts";
import { RANDOM_LAYERS, seedToRandomArrays } from "./random-network.ts";
import { readStateDict } from "./read-state-dict.ts";
import { stateDictToArrays, stateDictToNetworkName } from "./state-dict-to-network.ts";

export interface PerceptualOptions {
  /** The layer whose maps are the features (default: conv5_4 of vgg19, conv5_3 of vgg16, relu5 of alexnet; relu3 of random). */
  readonly layer?: string | undefined;
  /** Of the images: 1 (grey, shown to the network three times) or 3. */
  readonly channels: number;
  readonly size: readonly [height: number, width: number];
  /** Of random (default 2020). */
  readonly seed?: number;
}

/** A network that is trained no more: its arrays are constants, gradients flow through it to the images. */
export interface Perceptual {
  /** `vgg19 relu3_4`, `random`, `digits`: for terms, tables and warnings. */
  readonly name: string;
  /** sha256 of the file, or of the random weights, hex. */
  readonly hash: string;
  readonly arrays: Readonly<Record<string, ArrayValue>>;
  /**
   * @param images `[n, height, width, channels]` in [-1, 1]
   * @param weights the arrays as tensors (`arraysToTensors`)
   * @returns maps `[n, h, w, c]`, of digits rows `[n, 64]`
   */
  features(images: tf.Tensor, weights: Tensors): tf.Tensor;
}

/** torchvision's normalisation of red, green and blue in 0..1. */
const [MEAN, DEVIATION] = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
] as const;

/** [-1, 1] to what networks of ImageNet expect: ((x + 1) / 2 - mean) / deviation. */
const normalizeForImageNet = (images: tf.Tensor): tf.Tensor =>
  tf.div(
    tf.sub(tf.mul(tf.add(toThreeChannels(images), 1), 0.5), tf.tensor1d([...MEAN])),
    tf.tensor1d([...DEVIATION]),
  );

const DEFAULT_LAYERS: Readonly<Record<NetworkName, string>> = {
  vgg19: "conv5_4",
  vgg16: "conv5_3",
  alexnet: "relu5",
};

async function openFile(source: string, { layer, size }: PerceptualOptions): Promise<Perceptual> {
  const stateDict = await readStateDict(await nameToFile(source));
  const network = stateDictToNetworkName(stateDict);
  const wanted = layer ?? DEFAULT_LAYERS[network];
  const layers = layersUpTo(NETWORKS[network], wanted, network);
  const name = `${network} ${wanted}`;
  requireSize(layers, size, name);
  return {
    name,
    hash: stateDict.hash,
    arrays: stateDictToArrays(stateDict, layers, network),
    features: (images, weights) => applyLayers(normalizeForImageNet(images), layers, weights, [wanted])[0]!,
  };
}

async function openRandom({ layer = "relu3", size, seed = 2020 }: PerceptualOptions): Promise<Perceptual> {
  const layers = layersUpTo(RANDOM_LAYERS, layer, "random");
  requireSize(layers, size, "random");
  const { arrays, hash } = seedToRandomArrays(seed);
  const keys = new Set(layers.flatMap((each) => ("key" in each ? [each.key] : [])));
  const isOfLayers = ([name]: readonly [string, unknown]) => keys.has(name.replace(/\.[^.]*$/, ""));
  return {
    name: "random",
    hash,
    arrays: Object.fromEntries(Object.entries(arrays).filter(isOfLayers)),
    features: (images, weights) => applyLayers(toThreeChannels(images), layers, weights, [layer])[0]!,
  };
}

async function openDigits({ layer, channels, size }: PerceptualOptions): Promise<Perceptual> {
  if (channels !== 1 || size.some((side) => side !== DIGITS_SIDE) || (layer ?? "features") !== "features")
    throw new GanEvalError(
      "usage.perceptual",
      `expected grey images of ${DIGITS_SIDE}x${DIGITS_SIDE} and layer features for digits, got ${channels} ${channels === 1 ? "channel" : "channels"} of ${size.join("x")}${layer === undefined ? "" : ` and layer ${layer}`}`,
      { hint: "For other images give the weights of VGG19, or take random." },
    );
  const { arrays, hash } = await readDigitsWeights();
  return {
    name: "digits",
    hash,
    arrays,
    features: (images, weights) =>
      digitsNetwork(tf.mul(tf.add(images, 1), 0.5), weights as Tensors<DigitsWeightName>).features,
  };
}

/** Networks without a file, each under its own name. */
const STAND_INS: Readonly<Record<string, (options: PerceptualOptions) => Promise<Perceptual>>> = {
  random: openRandom,
  digits: openDigits,
};

/**
 * Opens a feature network for a perceptual loss.
 * @param source `random` (seeded, untrained), `digits` (the package's classifier, grey 28x28), `vgg19`, `vgg16` or `alexnet`
 *   (torchvision's, fetched where it is not installed), or a file with the weights of one of those: .pth, .safetensors, or
 *   .onnx whose arrays have the names of the state dict
 * @throws GanEvalError `usage.perceptual` for a layer or size that the network has not, `input.perceptual-weights` for a
 *   file without its weights, `unavailable.network` for a named network that is not to be had
 */
export async function openPerceptual(source: string, options: PerceptualOptions): Promise<Perceptual> {
  if (options.channels !== 1 && options.channels !== 3)
    throw new GanEvalError(
      "usage.perceptual",
      `expected images of 1 or 3 channels for a perceptual network, got ${options.channels}`,
    );
  const open = Object.hasOwn(STAND_INS, source) ? STAND_INS[source] : undefined;
  return open ? open(options) : openFile(source, options);
}
