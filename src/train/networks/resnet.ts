/**
 * Small residual networks after those of Miyato et al. 2018 for CIFAR-10, with 64 channels for their 256 and 128, and one
 * discriminator block less. Images too small for three doublings get fewer. Weights are normal with Glorot's deviation,
 * times sqrt(2) in 3x3 convolutions; biases 0.
 */
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import { halved, halvingsTo4, type ImageShape, requireSides } from "./image-size.ts";
import { BATCH_NORM, type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

const WIDTH = 64;
const BLOCKS = 3;
const SMALLEST = 4;

const glorot = (inputs: number, outputs: number): number => Math.sqrt(2 / (inputs + outputs));

function convolution(inputs: number, filters: number, size: 1 | 3): Layer {
  const area = size * size;
  const gain = size === 3 ? Math.SQRT2 : 1;
  const deviation = gain * glorot(area * inputs, area * filters);
  return {
    kind: "convolution",
    filters,
    size,
    stride: 1,
    padding: (size - 1) / 2,
    deviation,
    bias: "zeros",
  };
}

const NORM: Layer = { kind: "batch-norm", ...BATCH_NORM };
const RELU: Layer = { kind: "relu" };
const HALVE: Layer = { kind: "average-pool", size: 2 };

/** Latent to about 4 x 4, three residual blocks that double it, batch norm, rectified units, 3x3, tanh. */
export function resnetGenerator(latent: number, image: ImageShape, classes?: number): Network {
  requireSides(image, SMALLEST, "resnet");
  const halvings = halvingsTo4(image, BLOCKS);
  const base = [...halved(image, halvings), WIDTH];
  const inputs = latent + (classes ?? 0);
  const up = (to: number): Layer => {
    const [height, width] = halved(image, to);
    const larger: Layer = { kind: "up-sampling", height, width };
    const square = convolution(WIDTH, WIDTH, 3);
    return {
      kind: "residual",
      body: [NORM, RELU, larger, square, NORM, RELU, square],
      shortcut: [larger, convolution(WIDTH, WIDTH, 1)],
    };
  };
  return layersToNetwork(
    [latent],
    [
      ...labelLayers([latent], classes),
      { kind: "dense", units: sizeOf(base), deviation: glorot(inputs, sizeOf(base)), bias: "zeros" },
      { kind: "reshape", shape: base },
      ...Array.from({ length: halvings }, (_, i) => up(halvings - 1 - i)),
      NORM,
      RELU,
      convolution(WIDTH, image[2], 3),
      { kind: "tanh" },
    ],
  );
}

/**
 * Three residual blocks without norm, of which the first two halve the image, rectified units, the sum over all pixels,
 * one logit. With classes, the label comes in by a projection, as in Miyato and Koyama 2018.
 */
export function resnetDiscriminator(image: ImageShape, { classes, outputs = 1 }: HeadOptions = {}): Network {
  requireSides(image, SMALLEST, "resnet");
  const halvings = halvingsTo4(image, BLOCKS - 1);
  const square = convolution(WIDTH, WIDTH, 3);
  const halve = (block: number): Layer[] => (block < halvings ? [HALVE] : []);
  const entrance: Layer = {
    kind: "residual",
    body: [convolution(image[2], WIDTH, 3), RELU, square, ...halve(0)],
    shortcut: [...halve(0), convolution(image[2], WIDTH, 1)],
  };
  const down = (block: number): Layer => ({
    kind: "residual",
    body: [RELU, square, RELU, square, ...halve(block)],
    shortcut: block < halvings ? [convolution(WIDTH, WIDTH, 1), HALVE] : [],
  });
  const head = { units: outputs, deviation: glorot(WIDTH, outputs), bias: "zeros" } as const;
  return layersToNetwork(image, [
    entrance,
    down(1),
    down(2),
    RELU,
    { kind: "global-sum-pool" },
    classes === undefined ? { kind: "dense", ...head } : { kind: "projection", classes, ...head },
  ]);
}
