/**
 * Networks around a code: of the adversarial autoencoder (Makhzani et al. 2015) and of ClusterGAN (Mukherjee et al. 2019),
 * as PyTorch-GAN builds them.
 */
import { LEAKY, requireMultiples, TANH } from "./image-blocks.ts";
import { type ImageShape, requireSides } from "./image-size.ts";
import { BATCH_NORM, type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";
import type { Shape } from "./shapes.ts";

const NORM: Layer = { kind: "batch-norm", ...BATCH_NORM };

export interface CodeOptions {
  /** Of hidden layers; 512 if left out. */
  readonly units?: number;
}

const hidden = (units: number): Layer[] => [
  { kind: "dense", units },
  LEAKY,
  { kind: "dense", units },
  NORM,
  LEAKY,
];

/** Data to `2 code` numbers: the code's means, then the logarithms of its variances. */
export function autoencoderEncoder(data: Shape, code: number, { units = 512 }: CodeOptions = {}): Network {
  const flat: Layer = { kind: "reshape", shape: [sizeOf(data)] };
  return layersToNetwork(data, [flat, ...hidden(units), { kind: "dense", units: 2 * code }]);
}

/** A code to data in [-1, 1]. */
export function autoencoderDecoder(code: number, data: Shape, { units = 512 }: CodeOptions = {}): Network {
  return layersToNetwork(
    [code],
    [...hidden(units), { kind: "dense", units: sizeOf(data) }, TANH, { kind: "reshape", shape: data }],
  );
}

/** A code to one logit. */
export function codeJudge(code: number, { units = 512 }: CodeOptions = {}): Network {
  return layersToNetwork(
    [code],
    [
      { kind: "dense", units },
      LEAKY,
      { kind: "dense", units: units / 2 },
      LEAKY,
      { kind: "dense", units: 1 },
    ],
  );
}

export interface ClusterOptions {
  /** Of the larger maps; the smaller ones have twice as many. 64 if left out. */
  readonly filters?: number;
  /** Of the dense layer; 1,024 if left out. */
  readonly units?: number;
}

/** ClusterGAN's scripts draw all weights from a normal distribution of this deviation, with biases of 0. */
const DRAWN = { deviation: 0.02, bias: "zeros" } as const;

/**
 * A code, which is noise and a class side by side, to an image: two dense layers, two transposed 4x4 convolutions of
 * stride 2, batch norm, leaky units (0.2). The sigmoid's range is [-1, 1], where images lie here.
 * @throws GanEvalError `usage.network` for sides that 4 does not divide
 */
export function clusterGenerator(code: number, image: ImageShape, options: ClusterOptions = {}): Network {
  const { filters = 64, units = 1024 } = options;
  requireMultiples(image, 4, "cluster_gan's generator");
  const base = [image[0] / 4, image[1] / 4, 2 * filters];
  const up = (count: number): Layer => ({
    kind: "transposed-convolution",
    filters: count,
    size: 4,
    stride: 2,
    padding: 1,
    ...DRAWN,
  });
  return layersToNetwork(
    [code],
    [
      { kind: "dense", units, ...DRAWN },
      NORM,
      LEAKY,
      { kind: "dense", units: sizeOf(base), ...DRAWN },
      NORM,
      LEAKY,
      { kind: "reshape", shape: base },
      up(filters),
      NORM,
      LEAKY,
      up(image[2]),
      { kind: "sigmoid", range: [-1, 1] },
    ],
  );
}

/** An image to some numbers: one logit of the judge, or the encoder's code. Two 4x4 convolutions of stride 2, no norms. */
export function clusterReader(image: ImageShape, outputs: number, options: ClusterOptions = {}): Network {
  const { filters = 64, units = 1024 } = options;
  requireSides(image, 10, "cluster_gan's judge and encoder", "Use larger images (--img-size).");
  const down = (count: number): Layer[] => [
    { kind: "convolution", filters: count, size: 4, stride: 2, padding: 0, ...DRAWN },
    LEAKY,
  ];
  const halved = (side: number): number => Math.floor((side - 4) / 2) + 1;
  const last = [halved(halved(image[0])), halved(halved(image[1])), 2 * filters];
  return layersToNetwork(image, [
    ...down(filters),
    ...down(2 * filters),
    { kind: "reshape", shape: [sizeOf(last)] },
    { kind: "dense", units, ...DRAWN },
    LEAKY,
    { kind: "dense", units: outputs, ...DRAWN },
  ]);
}
