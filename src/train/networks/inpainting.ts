/** The generator of context encoders (Pathak et al. 2016), as PyTorch-GAN builds it. */
import { LEAKY, optionsToBlocks, RELU, repeated, requireMultiples, TANH } from "./image-blocks.ts";
import { halvingsTo4, type ImageShape } from "./image-size.ts";
import { widened } from "./judges.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface HoleOptions {
  /** Of the first two layers; each further one doubles them, up to eight times. 64 if left out. */
  readonly filters?: number;
  /** Channels at the smallest size; 4,000 if left out. */
  readonly bottleneck?: number;
  /** How often the image is halved to have the hole's size; 1 if left out: a hole of half the side. */
  readonly holeHalvings?: number;
  /** Channels of the output; the input's if left out. */
  readonly channels?: number;
}

/**
 * An image with a hole to what the hole holds, 1/2^holeHalvings of its size: 4x4 convolutions of stride 2 down to 4
 * pixels, five at most, a 1x1 convolution, transposed ones back up; batch norm, tanh.
 * @throws GanEvalError `usage.network` for sides that the halvings do not divide
 */
export function holeGenerator(input: ImageShape, options: HoleOptions = {}): Network {
  const { filters = 64, bottleneck = 4000, holeHalvings = 1, channels = input[2] } = options;
  const halvings = halvingsTo4(input, 5);
  requireMultiples(
    input,
    2 ** halvings,
    `a context encoder of ${halvings} halvings`,
    2 ** (holeHalvings + 2),
  );
  const make = optionsToBlocks({ norm: "batch" });
  const down = { size: 4, stride: 2, padding: 1 };
  const doublings = halvings - holeHalvings;
  const sizeAt = (times: number): number[] => [input[0] / 2 ** times, input[1] / 2 ** times];
  return layersToNetwork(input, [
    ...repeated(halvings, (i) => [
      ...(i === 0 ? make.plain(filters, down) : make.normed(widened(filters, i - 1), down)),
      LEAKY,
    ]),
    ...make.plain(bottleneck, { size: 1 }),
    ...repeated(doublings, (i) => [
      ...make.doubled(widened(filters, doublings - 1 - i), "transposed", 4, sizeAt(halvings - i)),
      RELU,
    ]),
    ...make.last(channels, { size: 3 }),
    TANH,
  ]);
}
