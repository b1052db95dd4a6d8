/** U-Nets: an image halved down to a few pixels and doubled again, with every size joined across. Ronneberger et al. 2015. */
import { GanEvalError } from "../../errors.ts";
import {
  type BlockOptions,
  type Doubling,
  dropped,
  LEAKY,
  optionsToBlocks,
  RELU,
  requireMultiples,
  TANH,
} from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { widened } from "./judges.ts";
import type { Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface UnetOptions extends BlockOptions {
  /** Channels of the output; the input's if left out. */
  readonly channels?: number;
  /** Of the first layer; each halving doubles them, up to eight times. 64 if left out. */
  readonly filters?: number;
  /** Halvings, at most log2 of the shorter side; 8 if left out. */
  readonly levels?: number;
  /** Of the windows that halve; 4 if left out. */
  readonly window?: 3 | 4;
  readonly upSampling?: Doubling;
  /** How the last doubling makes the image; as the others if left out. `nearest-4`: nearest pixel and a window of 4. */
  readonly ending?: Doubling | "nearest-4";
  /** A norm at the smallest size too; none there if left out. */
  readonly innerNorm?: boolean;
  /** Rate of dropout; 0.5 if left out, 0 for none. */
  readonly dropout?: number;
  /** Levels from this one on (from 0) have dropout; none if left out. */
  readonly dropoutFrom?: number;
  /** On the way down and up, or up only and not from the smallest size; `both` if left out. */
  readonly dropoutOn?: "both" | "up";
  /** The doubled image is rectified before it is joined, or both are afterwards; `before` if left out. */
  readonly rectified?: "before" | "after";
  /** A side input that joins the image after so many halvings, with its channels. */
  readonly side?: { readonly name: string; readonly after: number; readonly channels: number };
}

/** The generators that PyTorch-GAN and pytorch-CycleGAN-and-pix2pix build this way, where they differ from the defaults. */
export const UNETS = {
  pix2pix: { levels: 8, ending: "nearest-4", dropoutFrom: 3, bias: false },
  discogan: { levels: 6, ending: "nearest-4", dropoutFrom: 2 },
  dualgan: { levels: 7, dropoutFrom: 3, bias: false, affine: true },
  /** Its input: the image and a channel made of the code. */
  bicyclegan: {
    levels: 7,
    window: 3,
    upSampling: "nearest-convolution",
    norm: "batch",
    bias: false,
  },
  /** With the side input `low`: the image at a quarter of its size. */
  ccgan: {
    levels: 6,
    ending: "nearest-convolution",
    innerNorm: true,
    dropoutFrom: 2,
    norm: "batch",
    bias: false,
    side: { name: "low", after: 2, channels: 3 },
  },
  /** `--netG unet_256`; unet_128 is this of 7 levels. */
  junyanz: {
    levels: 8,
    dropoutFrom: 3,
    dropoutOn: "up",
    rectified: "after",
    bias: "zeros",
    batchNormBias: false,
  },
} as const satisfies Readonly<Record<string, UnetOptions>>;

const levelsOf = ([height, width]: ImageShape, { levels = 8 }: UnetOptions): number =>
  Math.min(levels, Math.floor(Math.log2(Math.min(height, width))));

/**
 * Convolutions of stride 2, leaky units (0.2) and norms down to 1/2^levels of the size, and back up with rectified units,
 * each size joined with what the way down had there; tanh. No norm at the largest size, and none at the smallest.
 * @throws GanEvalError `usage.network` for sides that 2^levels does not divide, naming the nearest that fit
 */
export function unetTranslator(input: ImageShape, options: UnetOptions = {}): Network {
  const { channels = input[2], filters = 64, window = 4, upSampling = "transposed", side } = options;
  const { innerNorm = false, dropout = 0.5, dropoutOn = "both", rectified = "before" } = options;
  const { ending = upSampling, dropoutFrom = Number.POSITIVE_INFINITY } = options;
  const levels = levelsOf(input, options);
  if (levels < 2)
    throw new GanEvalError(
      "usage.network",
      `expected images and levels for at least 2 halvings of a U-Net, got ${input[0]} x ${input[1]} and ${options.levels ?? 8} levels`,
    );
  requireMultiples(input, 2 ** levels, `a U-Net of ${levels} levels`);
  if (side && side.after >= levels)
    throw new GanEvalError(
      "usage.network",
      `expected more than ${side.after} levels of a U-Net whose side input joins there, got ${levels}`,
      { hint: "Use larger images (--img-size), or more levels." },
    );
  const make = optionsToBlocks(options);
  const sizeAt = (halvings: number): number[] => [input[0] / 2 ** halvings, input[1] / 2 ** halvings];
  const dropoutAt = (level: number, way: "down" | "up"): Layer[] => {
    const onWay = dropoutOn === "both" || (way === "up" && level < levels - 2);
    return dropped(onWay && level >= dropoutFrom ? dropout : 0);
  };
  const down = (level: number): Layer[] => {
    const step = { size: window, stride: 2, padding: 1 };
    const isPlain = level === 0 || (level === levels - 1 && !innerNorm);
    return [
      ...(isPlain ? make.plain : make.normed)(widened(filters, level), step),
      LEAKY,
      ...dropoutAt(level, "down"),
      ...(side?.after === level + 1
        ? [{ kind: "side-channels", side: side.name, channels: side.channels } as const]
        : []),
    ];
  };
  const upWindow = upSampling === "transposed" ? window : 3;
  /** From what `level` made, with all below it, to the size of `level - 1`, joined there. */
  const below = (level: number): Layer[] => {
    const inner = [
      ...down(level),
      ...(level < levels - 1 ? below(level + 1) : []),
      ...(rectified === "after" ? [RELU] : []),
      ...make.doubled(widened(filters, level - 1), upSampling, upWindow, sizeAt(level + 1)),
      ...(rectified === "before" ? [RELU] : []),
      ...dropoutAt(level - 1, "up"),
    ];
    return [{ kind: "skip", body: inner }];
  };
  const [height, width] = input;
  const out: Layer[] =
    ending === "nearest-4"
      ? [
          { kind: "up-sampling", height, width },
          { kind: "zero-pad", top: 1, bottom: 0, left: 1, right: 0 },
          ...make.last(channels, { size: 4, padding: 1 }),
        ]
      : make.lastDoubled(channels, ending, ending === "transposed" ? window : 3, sizeAt(1));
  return layersToNetwork(input, [
    ...down(0),
    ...below(1),
    ...(rectified === "after" ? [RELU] : []),
    ...out,
    TANH,
  ]);
}
