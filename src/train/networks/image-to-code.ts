/** BicycleGAN's networks beside its U-Net (Zhu et al. 2017b): an image to a code, and a code to a channel of an image. */
import { requireMultiples } from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { BATCH_NORM, type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

const NORM: Layer = { kind: "batch-norm", ...BATCH_NORM };
const RELU: Layer = { kind: "relu" };

/** As torchvision draws them: normal with deviation sqrt(2 / (size^2 filters)), no biases. */
const convolution = (filters: number, size: number, stride: number): Layer => ({
  kind: "convolution",
  filters,
  size,
  stride,
  padding: (size - 1) / 2,
  deviation: Math.sqrt(2 / (size * size * filters)),
  bias: false,
});

/** body(x) + x, or + a 1x1 convolution of x where the channels or the size change; rectified. He et al. 2016. */
const block = (filters: number, stride: number, isFirst: boolean): Layer[] => [
  {
    kind: "residual",
    body: [convolution(filters, 3, stride), NORM, RELU, convolution(filters, 3, 1), NORM],
    shortcut: isFirst && stride > 1 ? [convolution(filters, 1, stride), NORM] : [],
  },
  RELU,
];

/**
 * Image to `2 code` numbers, means and then logarithms of variances: the first three of ResNet-18's four stages, and the
 * mean of all places. PyTorch-GAN's, which takes 128 x 128 only; by the mean any multiple of 16 is taken.
 * @throws GanEvalError `usage.network` for sides that 16 does not divide
 */
export function codeEncoder(
  input: ImageShape,
  { filters = 64, code = 8 }: { readonly filters?: number; readonly code?: number } = {},
): Network {
  requireMultiples(input, 16, "an encoder of images into codes");
  return layersToNetwork(input, [
    convolution(filters, 7, 2),
    NORM,
    RELU,
    { kind: "max-pool", size: 3, stride: 2, padding: 1 },
    ...[1, 2, 4].flatMap((times) => [
      ...block(times * filters, times === 1 ? 1 : 2, true),
      ...block(times * filters, 1, false),
    ]),
    { kind: "global-average-pool" },
    { kind: "dense", units: 2 * code },
  ]);
}

/** A code to `channels` of an image, by one dense layer: they stand beside the image that a generator reads. */
export function codeToChannels(code: number, [height, width]: ImageShape, channels = 1): Network {
  const shape = [height, width, channels];
  return layersToNetwork(
    [code],
    [
      { kind: "dense", units: sizeOf(shape) },
      { kind: "reshape", shape },
    ],
  );
}
