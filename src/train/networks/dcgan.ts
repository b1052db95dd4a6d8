/**
 * The networks of Radford et al. 2016, with the 4x4 windows and the 64 channels of PyTorch's example: as many halvings as
 * bring the shorter side to 4 or less. Weights normal with deviation 0.02, no biases before batch norm.
 */
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import { cropTo, halved, halvingsTo4, type ImageShape, requireSides } from "./image-size.ts";
import { BATCH_NORM, type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

const DEVIATION = 0.02;
const SMALLEST = 8;
const NORM: Layer = { kind: "batch-norm", ...BATCH_NORM, deviation: DEVIATION };

/** Channels at a number of halvings. */
const channelsAt = (halvings: number): number => 64 * 2 ** (halvings - 1);

const steps = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Latent to an image of about 4 x 4, doubled by transposed convolutions; batch norm, rectified units, tanh. */
export function dcganGenerator(latent: number, image: ImageShape, classes?: number): Network {
  requireSides(image, SMALLEST, "dcgan");
  const halvings = halvingsTo4(image);
  const base = [...halved(image, halvings), channelsAt(halvings)];
  const active: readonly Layer[] = [NORM, { kind: "relu" }];
  const up = (to: number): Layer[] => {
    const [height, width] = halved(image, to + 1);
    const filters = to === 0 ? image[2] : channelsAt(to);
    const window = { size: 4, stride: 2, padding: 1, deviation: DEVIATION };
    return [
      { kind: "transposed-convolution", filters, ...window, bias: to === 0 },
      ...cropTo(halved(image, to), [2 * height, 2 * width]),
      ...(to === 0 ? [] : active),
    ];
  };
  return layersToNetwork(
    [latent],
    [
      ...labelLayers([latent], classes),
      { kind: "dense", units: sizeOf(base), deviation: DEVIATION, bias: false },
      { kind: "reshape", shape: base },
      ...active,
      ...steps(halvings)
        .reverse()
        .flatMap((from) => up(from - 1)),
      { kind: "tanh" },
    ],
  );
}

/** Convolutions of stride 2 down to about 4 x 4, leaky units, batch norm but for the first, one logit. */
export function dcganDiscriminator(image: ImageShape, { classes, outputs = 1 }: HeadOptions = {}): Network {
  requireSides(image, SMALLEST, "dcgan");
  const halvings = halvingsTo4(image);
  const down = (to: number): Layer[] => [
    {
      kind: "convolution",
      filters: channelsAt(to),
      size: 4,
      stride: 2,
      padding: 1,
      deviation: DEVIATION,
      bias: to === 1,
    },
    ...(to === 1 ? [] : [NORM]),
    { kind: "leaky-relu", slope: 0.2 },
  ];
  const last = image.slice(0, 2).map((side) => Math.floor(side / 2 ** halvings));
  return layersToNetwork(image, [
    ...labelLayers(image, classes),
    ...steps(halvings).flatMap(down),
    { kind: "reshape", shape: [last[0] * last[1] * channelsAt(halvings)] },
    { kind: "dense", units: outputs, deviation: DEVIATION },
  ]);
}
