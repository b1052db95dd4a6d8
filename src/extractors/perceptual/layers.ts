/** Convolutional networks as lists of layers: VGG and AlexNet as torchvision has them, and what a list says of itself. */
import { GanEvalError } from "../../errors.ts";

interface Convolution {
  readonly kind: "convolution";
  readonly name: string;
  /** Its place in the state dict: `features.0` has `features.0.weight` and `features.0.bias`. */
  readonly key: string;
  /** [height, width, in, out] */
  readonly filter: readonly [number, number, number, number];
  readonly stride: number;
  readonly pad: number;
}

export type NetworkLayer =
  | Convolution
  | { readonly kind: "rectifier"; readonly name: string }
  | { readonly kind: "pool"; readonly name: string; readonly size: number; readonly stride: number };

const VGG_CHANNELS = [64, 128, 256, 512, 512] as const;

/**
 * VGG without its dense layers: blocks of 3x3 convolutions, each followed by a rectifier, and a pool of 2 after each
 * block. Layers are called conv1_1, relu1_1, ..., pool1, conv2_1, ... Source: Simonyan & Zisserman 2015; torchvision vgg.py.
 * @param depths convolutions in each block
 */
export function depthsToVgg(
  depths: readonly number[],
  channels: readonly number[] = VGG_CHANNELS,
): NetworkLayer[] {
  const layers: NetworkLayer[] = [];
  let into = 3;
  for (const [b, depth] of depths.entries()) {
    const out = channels[b]!;
    for (let c = 1; c <= depth; c++, into = out)
      layers.push(
        {
          kind: "convolution",
          name: `conv${b + 1}_${c}`,
          key: `features.${layers.length}`,
          ...{ filter: [3, 3, into, out], stride: 1, pad: 1 },
        },
        { kind: "rectifier", name: `relu${b + 1}_${c}` },
      );
    layers.push({ kind: "pool", name: `pool${b + 1}`, size: 2, stride: 2 });
  }
  return layers;
}

/** [size, in, out, stride, pad] of each convolution, and whether a pool of 3 by steps of 2 follows. Source: torchvision alexnet.py. */
const ALEXNET = [
  [11, 3, 64, 4, 2, true],
  [5, 64, 192, 1, 2, true],
  [3, 192, 384, 1, 1, false],
  [3, 384, 256, 1, 1, false],
  [3, 256, 256, 1, 1, true],
] as const;

function toAlexnet(): NetworkLayer[] {
  const layers: NetworkLayer[] = [];
  for (const [i, [size, into, out, stride, pad, isPooled]] of ALEXNET.entries()) {
    const key = `features.${layers.length}`;
    const filter = [size, size, into, out] as const;
    layers.push(
      { kind: "convolution", name: `conv${i + 1}`, key, filter, stride, pad },
      { kind: "rectifier", name: `relu${i + 1}` },
    );
    if (isPooled) layers.push({ kind: "pool", name: `pool${i + 1}`, size: 3, stride: 2 });
  }
  return layers;
}

export const NETWORKS = {
  vgg19: depthsToVgg([2, 2, 4, 4, 4]),
  vgg16: depthsToVgg([2, 2, 3, 3, 3]),
  alexnet: toAlexnet(),
} as const satisfies Readonly<Record<string, readonly NetworkLayer[]>>;

export type NetworkName = keyof typeof NETWORKS;
export const NETWORK_NAMES = Object.keys(NETWORKS) as NetworkName[];

export const isConvolution = (layer: NetworkLayer): layer is Convolution => layer.kind === "convolution";

/** The layers up to one, which is the last. @throws GanEvalError `usage.perceptual` for a name that none has */
export function layersUpTo(layers: readonly NetworkLayer[], name: string, network: string): NetworkLayer[] {
  const at = layers.findIndex((layer) => layer.name === name);
  if (at >= 0) return layers.slice(0, at + 1);
  const names = layers.map((layer) => layer.name);
  throw new GanEvalError(
    "usage.perceptual",
    `expected a layer of ${network} (${names.join(", ")}), got ${name}`,
    { hint: "conv is before the rectifier, relu after it: SRGAN and ESRGAN take conv5_4 of vgg19." },
  );
}

/** Weights and biases: 2,325,568 of vgg19 up to relu3_4, 20,024,384 up to conv5_4. */
export const layersToParameterCount = (layers: readonly NetworkLayer[]): number =>
  layers
    .filter(isConvolution)
    .reduce((sum, { filter: [height, width, into, out] }) => sum + height * width * into * out + out, 0);

/** The side of the last layer's maps; 0 or less where a side is too small for a layer. */
export function sideToLastSide(layers: readonly NetworkLayer[], side: number): number {
  let last = side;
  for (const layer of layers) {
    if (isConvolution(layer)) last = Math.floor((last + 2 * layer.pad - layer.filter[0]) / layer.stride) + 1;
    if (layer.kind === "pool") last = Math.floor((last - layer.size) / layer.stride) + 1;
    if (last < 1) return 0;
  }
  return last;
}

/** @throws GanEvalError `usage.perceptual` for images that are too small for the last layer to have a place */
export function requireSize(
  layers: readonly NetworkLayer[],
  [height, width]: readonly [number, number],
  name: string,
): void {
  if (sideToLastSide(layers, Math.min(height, width)) >= 1) return;
  let least = Math.min(height, width) + 1;
  while (sideToLastSide(layers, least) < 1) least++;
  throw new GanEvalError(
    "usage.perceptual",
    `expected images of at least ${least}x${least} for ${name}, got ${height}x${width}`,
    { hint: "Take an earlier layer, or larger images." },
  );
}
