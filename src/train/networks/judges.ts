/** Discriminators of images that give a map of logits, each for a patch of the image. Isola et al. 2017. */
import { GanEvalError } from "../../errors.ts";
import { type BlockOptions, LEAKY, optionsToBlocks, repeated, type Window } from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import type { Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface PatchOptions extends BlockOptions {
  /** Of the first layer; each further layer has twice as many, up to eight times. 64 if left out. */
  readonly filters?: number;
  /** Hidden convolutions that halve the size, 1 to 5; 3 if left out. */
  readonly layers?: number;
  /** Hidden convolutions behind them that keep the size, or almost; 1 if left out. */
  readonly even?: number;
  /** Of hidden windows; 4 if left out. */
  readonly window?: 3 | 4;
  /** The window that makes the map; 4 with padding 1 if left out. */
  readonly last?: Window;
  /** A row and a column of zeros at the top and at the left before it, so that a window of 4 keeps the size. */
  readonly zeroPad?: boolean;
  /** How often the image is halved first, by averages of 3 x 3: for judges at several scales. 0 if left out. */
  readonly halvings?: number;
}

/** The judges that PyTorch-GAN and pytorch-CycleGAN-and-pix2pix build this way, where they differ from the defaults. */
export const PATCHES = {
  /** 70 x 70 pixels a patch; `--netD basic`, and with other `layers` n_layers. */
  junyanz: { bias: "zeros", batchNormBias: false },
  cyclegan: { layers: 4, even: 0, zeroPad: true, bias: "zeros" },
  /** Of both images side by side in the channels. */
  pix2pix: { layers: 4, even: 0, zeroPad: true, lastBias: false },
  discogan: { layers: 3, even: 0, zeroPad: true },
  dualgan: {
    layers: 3,
    even: 0,
    zeroPad: true,
    norm: "batch",
    last: { size: 4, padding: 0 },
  },
  unit: { layers: 4, even: 0, last: { size: 3 } },
  munit: { layers: 4, even: 0, last: { size: 3 } },
  bicyclegan: { layers: 4, even: 0, last: { size: 3 }, norm: "batch" },
  /** Of ccgan and context_encoder. */
  inpainting: { layers: 3, even: 1, window: 3, last: { size: 3 } },
} as const satisfies Readonly<Record<string, PatchOptions>>;

interface Step {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

const MAP: Window = { size: 4, padding: 1 };

/** What each layer does to a side, in order. */
function optionsToSteps(options: PatchOptions): Step[] {
  const { layers = 3, even = 1, window = 4, last = MAP, zeroPad = false, halvings = 0 } = options;
  const many = (count: number, step: Step): Step[] => Array(count).fill(step);
  const { size, padding = (size - 1) / 2 } = last;
  return [
    ...many(halvings, { size: 3, stride: 2, padding: 1 }),
    ...many(layers, { size: window, stride: 2, padding: 1 }),
    ...many(even, { size: window, stride: 1, padding: 1 }),
    { size: zeroPad ? size - 1 : size, stride: 1, padding },
  ];
}

/** The sides that layers make of a side, one after the other. */
function sideToSides(side: number, steps: readonly Step[]): number[] {
  let now = side;
  return steps.map(({ size, stride, padding }) => {
    now = Math.floor((now + 2 * padding - size) / stride) + 1;
    return now;
  });
}

/** The side at which the map begins to have one logit, and hidden maps more than the one pixel that norms make 0 of. */
function smallestSide(options: PatchOptions): number {
  const steps = optionsToSteps(options);
  const least = (options.norm ?? "instance") === "instance" ? 2 : 1;
  const fits = (side: number): boolean => {
    const sides = sideToSides(side, steps);
    return sides[sides.length - 1] >= 1 && sides.slice(0, -1).every((inner) => inner >= least);
  };
  let side = 1;
  while (!fits(side)) side++;
  return side;
}

/** @throws GanEvalError `usage.network` for images that are too small for a single patch */
function requireMap([height, width]: ImageShape, options: PatchOptions): void {
  const smallest = smallestSide(options);
  if (Math.min(height, width) >= smallest) return;
  const { layers = 3, halvings = 0 } = options;
  throw new GanEvalError(
    "usage.network",
    `expected images of at least ${smallest} x ${smallest} pixels for a judge of ${layers} layers${halvings > 0 ? ` at 1/${2 ** halvings} of the size` : ""}, got ${height} x ${width}`,
    { hint: "Use larger images (--img-size), or a judge of fewer layers." },
  );
}

/** The channels of a hidden layer: doubled from layer to layer, eight times at most. */
export const widened = (filters: number, layer: number): number => filters * Math.min(8, 2 ** layer);

/**
 * Convolutions of stride 2 with leaky units (0.2) and, but for the first, a norm; and a convolution to one logit for
 * each place: `[h, w, 1]`. With 4 layers, `even` 0 and `zeroPad` the map is a sixteenth of the image's size.
 * @throws GanEvalError `usage.network` for a depth that it does not take, or images that are too small
 */
export function patchJudge(input: ImageShape, options: PatchOptions = {}): Network {
  const { filters = 64, layers = 3, even = 1, window = 4, last = MAP, zeroPad, halvings = 0 } = options;
  if (!Number.isInteger(layers) || layers < 1 || layers > 5)
    throw new GanEvalError("usage.network", `expected 1 to 5 layers of a judge, got ${layers}`);
  requireMap(input, options);
  const make = optionsToBlocks(options);
  const down: Window = { size: window, stride: 2, padding: 1 };
  const border: Layer[] = zeroPad ? [{ kind: "zero-pad", top: 1, bottom: 0, left: 1, right: 0 }] : [];
  return layersToNetwork(input, [
    ...repeated(halvings, () => [{ kind: "average-pool", size: 3, stride: 2, padding: 1 }]),
    ...repeated(layers, (i) => [
      ...(i === 0 ? make.plain(filters, down) : make.normed(widened(filters, i), down)),
      LEAKY,
    ]),
    ...repeated(even, (i) => [...make.normed(widened(filters, layers + i), { ...down, stride: 1 }), LEAKY]),
    ...border,
    ...make.last(1, last),
  ]);
}

/** One logit for each pixel: three 1x1 convolutions, a norm in the middle. `--netD pixel`. Isola et al. 2017. */
export function pixelJudge(
  input: ImageShape,
  options: BlockOptions & Pick<PatchOptions, "filters"> = {},
): Network {
  const { filters = 64 } = options;
  const make = optionsToBlocks({ bias: "zeros", batchNormBias: false, ...options });
  const one = { size: 1 };
  return layersToNetwork(input, [
    ...make.plain(filters, one),
    LEAKY,
    ...make.normed(2 * filters, one),
    LEAKY,
    ...make.last(1, one),
  ]);
}
