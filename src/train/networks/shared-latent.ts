/** UNIT's networks (Liu et al. 2017): encoders and generators of two domains around residual blocks that both share. */
import {
  type BlockOptions,
  LEAKY,
  optionsToBlocks,
  RELU,
  repeated,
  requireMultiples,
  residualBlock,
  TANH,
} from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface SharedLatentOptions extends Pick<BlockOptions, "deviation"> {
  /** Of the first layer; 64 if left out. */
  readonly filters?: number;
  /** Each doubles the filters; 2 if left out. */
  readonly halvings?: number;
  /** Residual blocks of each domain's own; 3 if left out. */
  readonly blocks?: number;
}

const OUTER = { size: 7 };

/** Image to a map `[h / 2^halvings, w / 2^halvings, filters 2^halvings]`, which the shared block reads. */
export function unitEncoder(input: ImageShape, options: SharedLatentOptions = {}): Network {
  const { filters = 64, halvings = 2, blocks = 3, deviation } = options;
  const multiple = 2 ** halvings;
  requireMultiples(input, multiple, `an encoder of ${halvings} halvings`, Math.max(4, 2 * multiple));
  const make = optionsToBlocks({ deviation });
  const down = { size: 4, stride: 2, padding: 1 };
  return layersToNetwork(input, [
    ...make.normed(filters, OUTER, "reflect"),
    LEAKY,
    ...repeated(halvings, (i) => [...make.normed(filters * 2 ** (i + 1), down), RELU]),
    ...repeated(blocks, () => [residualBlock(make, filters * multiple)]),
  ]);
}

/** The residual block that both domains share, behind the encoders or before the generators. */
export function unitShared(map: ImageShape, { deviation }: SharedLatentOptions = {}): Network {
  return layersToNetwork(map, [residualBlock(optionsToBlocks({ deviation }), map[2])]);
}

/** The map behind the shared block to an image of 2^halvings times the size; tanh. */
export function unitGenerator(map: ImageShape, channels: number, options: SharedLatentOptions = {}): Network {
  const { halvings = 2, blocks = 3, deviation } = options;
  const [height, width, filters] = map;
  const make = optionsToBlocks({ deviation });
  return layersToNetwork(map, [
    ...repeated(blocks, () => [residualBlock(make, filters)]),
    ...repeated(halvings, (i) => [
      ...make.doubled(filters / 2 ** (i + 1), "transposed", 4, [height * 2 ** i, width * 2 ** i]),
      LEAKY,
    ]),
    ...make.last(channels, OUTER, "reflect"),
    TANH,
  ]);
}
