/** MUNIT's networks (Huang et al. 2018): an image is a content map and a style vector, and is made of both again. */
import {
  type BlockOptions,
  optionsToBlocks,
  RELU,
  repeated,
  requireMultiples,
  residualBlock,
  TANH,
} from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import type { Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface StyleOptions extends Pick<BlockOptions, "deviation"> {
  /** Of the first layer; 64 if left out. */
  readonly filters?: number;
  /** Each doubles the filters; 2 if left out. */
  readonly halvings?: number;
  /** Residual blocks of encoder and decoder; 3 if left out. */
  readonly blocks?: number;
  /** Numbers of a style; 8 if left out. */
  readonly style?: number;
}

const OUTER = { size: 7 };
const DOWN = { size: 4, stride: 2, padding: 1 };

/** The name of the decoder's side input: for each of its norms in order, offsets, then scales. */
export const STYLE_SIDE = "style";

/** @throws GanEvalError `usage.network` for sides that the halvings do not divide */
function requireSize(image: ImageShape, halvings: number): void {
  const multiple = 2 ** halvings;
  requireMultiples(image, multiple, `an encoder of ${halvings} halvings`, Math.max(4, 2 * multiple));
}

/** Image to content `[h / 2^halvings, w / 2^halvings, filters 2^halvings]`, with instance norm. */
export function contentEncoder(input: ImageShape, options: StyleOptions = {}): Network {
  const { filters = 64, halvings = 2, blocks = 3, deviation } = options;
  requireSize(input, halvings);
  const make = optionsToBlocks({ deviation });
  return layersToNetwork(input, [
    ...make.normed(filters, OUTER, "reflect"),
    RELU,
    ...repeated(halvings, (i) => [...make.normed(filters * 2 ** (i + 1), DOWN), RELU]),
    ...repeated(blocks, () => [residualBlock(make, filters * 2 ** halvings)]),
  ]);
}

/** Image to style `[style]`, without norms, which would remove it; filters grow to four times at most. */
export function styleEncoder(input: ImageShape, options: StyleOptions = {}): Network {
  const { filters = 64, halvings = 2, style = 8, deviation } = options;
  requireSize(input, halvings);
  const make = optionsToBlocks({ norm: "none", deviation });
  return layersToNetwork(input, [
    ...make.plain(filters, OUTER, "reflect"),
    RELU,
    ...repeated(halvings, (i) => [...make.plain(filters * Math.min(4, 2 ** (i + 1)), DOWN), RELU]),
    { kind: "global-average-pool" },
    // A 1x1 convolution of one pixel.
    { kind: "dense", units: style, ...(deviation === null ? {} : { deviation: deviation ?? 0.02 }) },
  ]);
}

/** The numbers that the decoder of a content map reads from its side input: two for each channel of each norm. */
const numbersOf = (channels: number, blocks: number): number => blocks * 2 * 2 * channels;

/**
 * Content `[h, w, c]` to an image of 2^halvings times the size. Residual blocks whose instance norms take offsets and
 * scales of the side input `style`, then doublings with layer norm, each to half the filters, and tanh.
 */
export function styleDecoder(content: ImageShape, channels: number, options: StyleOptions = {}): Network {
  const { halvings = 2, blocks = 3, deviation } = options;
  const [height, width, filters] = content;
  const length = numbersOf(filters, blocks);
  const make = optionsToBlocks({ norm: "none", deviation });
  const adapted = (place: number): Layer[] => [
    ...make.plain(filters, { size: 3 }, "reflect"),
    { kind: "adain", side: STYLE_SIDE, length, from: 2 * filters * place },
  ];
  return layersToNetwork(content, [
    ...repeated(blocks, (i) => [
      { kind: "residual", body: [...adapted(2 * i), RELU, ...adapted(2 * i + 1)], shortcut: [] },
    ]),
    ...repeated(halvings, (i) => [
      { kind: "up-sampling", height: height * 2 ** (i + 1), width: width * 2 ** (i + 1) },
      ...make.plain(filters / 2 ** (i + 1), { size: 5 }),
      { kind: "layer-norm" },
      RELU,
    ]),
    ...make.last(channels, OUTER, "reflect"),
    TANH,
  ]);
}

/** Style to the numbers of a decoder's side input: two hidden layers of rectified units. */
export function styleMlp(
  decoder: Network,
  { style = 8, units = 256 }: Pick<StyleOptions, "style"> & { readonly units?: number } = {},
): Network {
  const [numbers] = decoder.sides[STYLE_SIDE];
  return layersToNetwork(
    [style],
    [{ kind: "dense", units }, RELU, { kind: "dense", units }, RELU, { kind: "dense", units: numbers }],
  );
}
