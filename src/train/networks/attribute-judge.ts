/** StarGAN's discriminator (Choi et al. 2018) as a trunk and two heads: is it real, and what attributes has it? */
import { optionsToBlocks, repeated, requireMultiples } from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface AttributeTrunkOptions {
  /** Of the first layer; each further one has twice as many. 64 if left out. */
  readonly filters?: number;
  /** Convolutions of stride 2; 6 if left out. */
  readonly layers?: number;
}

const DEVIATION = 0.02;

/**
 * An image to what both heads read: 4x4 convolutions of stride 2 with leaky units (0.01), no norms.
 * @throws GanEvalError `usage.network` for sides that 2^layers does not divide
 */
export function attributeTrunk(input: ImageShape, options: AttributeTrunkOptions = {}): Network {
  const { filters = 64, layers = 6 } = options;
  requireMultiples(input, 2 ** layers, `a judge of ${layers} halvings`);
  const make = optionsToBlocks({ norm: "none", deviation: DEVIATION });
  return layersToNetwork(
    input,
    repeated(layers, (i) => [
      ...make.plain(filters * 2 ** i, { size: 4, stride: 2, padding: 1 }),
      { kind: "leaky-relu", slope: 0.01 },
    ]),
  );
}

/** What the trunk gives, to a map of logits: real or not. */
export function attributeMap(trunk: ImageShape): Network {
  const { last } = optionsToBlocks({ deviation: DEVIATION, lastBias: false });
  return layersToNetwork(trunk, last(1, { size: 3 }));
}

/** What the trunk gives, to a logit for each attribute. */
export function attributeClasses(trunk: ImageShape, classes: number): Network {
  return layersToNetwork(trunk, [
    { kind: "reshape", shape: [sizeOf(trunk)] },
    { kind: "dense", units: classes, deviation: DEVIATION, bias: false },
  ]);
}
