/** Networks from an image to an image of the same size with residual blocks. U-Nets are in unet.ts. */
import {
  type BlockOptions,
  type Border,
  type Doubling,
  optionsToBlocks,
  RELU,
  repeated,
  requireMultiples,
  residualBlock,
  TANH,
} from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface ResnetOptions extends BlockOptions {
  /** Channels of the output; the input's if left out. */
  readonly channels?: number;
  /** Of the first layer; each halving doubles them. 64 if left out. */
  readonly filters?: number;
  /** Residual blocks; 9 if left out. */
  readonly blocks?: number;
  /** 2 if left out. */
  readonly halvings?: number;
  /** Of the windows that halve, and of transposed ones that double; 3 if left out. */
  readonly window?: 3 | 4;
  readonly upSampling?: Doubling;
  /** Of residual blocks and of the 7x7 windows at both ends; `reflect` if left out. */
  readonly border?: Border;
  /** Rate within the residual blocks; 0 if left out. */
  readonly dropout?: number;
}

/** The generators that PyTorch-GAN and pytorch-CycleGAN-and-pix2pix build this way, where they differ from the defaults. */
export const RESNETS = {
  cyclegan: { upSampling: "nearest-convolution", bias: "zeros" },
  junyanz: { upSampling: "transposed", bias: "zeros", batchNormBias: false },
  stargan: {
    upSampling: "transposed",
    window: 4,
    blocks: 6,
    border: "zero",
    affine: true,
    bias: false,
  },
} as const satisfies Readonly<Record<string, ResnetOptions>>;

/**
 * 7x7, convolutions of stride 2 that double the channels, residual blocks, the same number of doublings of the size, 7x7
 * and tanh; norms and rectified units in between. Johnson et al. 2016, as in CycleGAN (Zhu et al. 2017).
 * @throws GanEvalError `usage.network` for sides that 2^halvings does not divide
 */
export function resnetTranslator(input: ImageShape, options: ResnetOptions = {}): Network {
  const { channels = input[2], filters = 64, blocks = 9, halvings = 2, window = 3 } = options;
  const { upSampling = "nearest-convolution", border = "reflect", dropout } = options;
  const multiple = 2 ** halvings;
  requireMultiples(input, multiple, `a residual network of ${halvings} halvings`, Math.max(4, 2 * multiple));
  const make = optionsToBlocks(options);
  const outer = { size: 7 };
  const at = (times: number): number => filters * 2 ** times;
  const sizeAt = (times: number): number[] => [input[0] / 2 ** times, input[1] / 2 ** times];
  const size = upSampling === "transposed" ? window : 3;
  return layersToNetwork(input, [
    ...make.normed(filters, outer, border),
    RELU,
    ...repeated(halvings, (i) => [...make.normed(at(i + 1), { size: window, stride: 2, padding: 1 }), RELU]),
    ...repeated(blocks, () => [residualBlock(make, at(halvings), { border, dropout })]),
    ...repeated(halvings, (i) => [
      ...make.doubled(at(halvings - i - 1), upSampling, size, sizeAt(halvings - i)),
      RELU,
    ]),
    ...make.last(channels, outer, border),
    TANH,
  ]);
}
