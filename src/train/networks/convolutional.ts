/** Convolutional pairs of PyTorch-GAN and of Lucic et al. */
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import { cropTo, halved, type ImageShape, requireSides } from "./image-size.ts";
import { BATCH_NORM, type BatchNormOptions, type Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

const LEAKY = { kind: "leaky-relu", slope: 0.2 } as const;

/** Deviation of convolutions, and of batch norm's scales around 1, in DCGAN (Radford et al. 2016). */
const DEVIATION = 0.02;

const norm = (options: BatchNormOptions, deviation?: number): Layer => ({
  kind: "batch-norm",
  ...options,
  ...(deviation !== undefined && { deviation }),
});

export interface UpSamplingOptions {
  readonly batchNorm?: BatchNormOptions;
  /** Batch norm before the first up-sampling, which some of PyTorch-GAN's scripts leave out (lsgan, ebgan). */
  readonly firstNorm?: boolean;
  /** Of convolutions' weights; PyTorch's default if `null`. */
  readonly deviation?: number | null;
  /** The learnt vector of the label beside the latent (`concat`), or times it, as acgan does (`multiply`). */
  readonly labels?: "concat" | "multiply";
  readonly classes?: number;
}

/**
 * The generator of PyTorch-GAN's dcgan and others: latent to 128 channels at a quarter of the size, twice up-sampled by
 * the nearest pixel and convolved 3x3 (to 128, then 64 channels), batch norm and leaky units, 3x3 to the image, tanh.
 * Sizes that 4 does not divide are rounded up on the way.
 */
export function upSamplingGenerator(
  latent: number,
  image: ImageShape,
  options: UpSamplingOptions = {},
): Network {
  const { batchNorm = BATCH_NORM, firstNorm = true, deviation = DEVIATION, classes } = options;
  const drawn = deviation === null ? {} : { deviation };
  const convolution = (filters: number): Layer => ({
    kind: "convolution",
    filters,
    size: 3,
    stride: 1,
    padding: 1,
    ...drawn,
  });
  const first = halved(image, 2);
  const up = (halvings: number, filters: number): Layer[] => {
    const [height, width] = halved(image, halvings);
    return [
      { kind: "up-sampling", height, width },
      convolution(filters),
      norm(batchNorm, drawn.deviation),
      LEAKY,
    ];
  };
  const multiplied: Layer[] =
    classes === undefined ? [] : [{ kind: "label-embedding", classes, units: latent, join: "multiply" }];
  return layersToNetwork(
    [latent],
    [
      ...(options.labels === "multiply" ? multiplied : labelLayers([latent], classes)),
      { kind: "dense", units: 128 * first[0] * first[1] },
      { kind: "reshape", shape: [...first, 128] },
      ...(firstNorm ? [norm(BATCH_NORM, drawn.deviation)] : []),
      ...up(1, 128),
      ...up(0, 64),
      convolution(image[2]),
      { kind: "tanh" },
    ],
  );
}

/**
 * The discriminator beside it: four 3x3 convolutions of stride 2 (16, 32, 64, 128 channels), each with leaky units,
 * dropout of channels (0.25) and, but for the first, batch norm; one logit.
 */
export function stridedDiscriminator(
  image: ImageShape,
  options: Pick<UpSamplingOptions, "batchNorm" | "deviation"> & HeadOptions = {},
): Network {
  const { batchNorm = BATCH_NORM, deviation = DEVIATION, classes, outputs = 1 } = options;
  const drawn = deviation === null ? {} : { deviation };
  const blocks = [16, 32, 64, 128].flatMap((filters, i): Layer[] => [
    { kind: "convolution", filters, size: 3, stride: 2, padding: 1, ...drawn },
    LEAKY,
    { kind: "channel-dropout", rate: 0.25 },
    ...(i > 0 ? [norm(batchNorm, drawn.deviation)] : []),
  ]);
  const size = halved(image, 4);
  return layersToNetwork(image, [
    ...labelLayers(image, classes),
    ...blocks,
    { kind: "reshape", shape: [size[0] * size[1] * 128] },
    { kind: "dense", units: outputs },
  ]);
}

/**
 * The generator of Lucic et al. 2018, after InfoGAN's: latent to 1,024, to 128 channels at a quarter of the size, two
 * transposed 4x4 convolutions of stride 2 (64 channels, then the image). Its images were in [0, 1] (sigmoid); ours
 * are in [-1, 1] (tanh). Sizes that 4 does not divide are rounded up on the way, and cut.
 */
export function transposedGenerator(latent: number, image: ImageShape, classes?: number): Network {
  requireSides(image, 4, "the networks of Lucic et al.");
  const block = (layer: Layer): Layer[] => [layer, norm(BATCH_NORM), LEAKY];
  const up = (filters: number): Layer => ({
    kind: "transposed-convolution",
    filters,
    size: 4,
    stride: 2,
    padding: 1,
    deviation: DEVIATION,
  });
  const [whole, half, quarter] = [0, 1, 2].map((times) => halved(image, times));
  const doubled = (size: readonly [number, number]) => [2 * size[0], 2 * size[1]] as const;
  return layersToNetwork(
    [latent],
    [
      ...labelLayers([latent], classes),
      ...block({ kind: "dense", units: 1024, deviation: DEVIATION }),
      ...block({ kind: "dense", units: quarter[0] * quarter[1] * 128, deviation: DEVIATION }),
      { kind: "reshape", shape: [...quarter, 128] },
      ...block(up(64)),
      ...cropTo(half, doubled(quarter)),
      up(image[2]),
      ...cropTo(whole, doubled(half)),
      { kind: "tanh" },
    ],
  );
}

/** The discriminator beside it: two 4x4 convolutions of stride 2 (64, 128 channels), 1,024 units, one logit. */
export function convolutionalDiscriminator(
  image: ImageShape,
  { batchNorm = true, classes, outputs = 1 }: { readonly batchNorm?: boolean } & HeadOptions = {},
): Network {
  requireSides(image, 4, "the networks of Lucic et al.");
  const down = (filters: number): Layer => ({
    kind: "convolution",
    filters,
    size: 4,
    stride: 2,
    padding: 1,
    deviation: DEVIATION,
  });
  const normed = batchNorm ? [norm(BATCH_NORM)] : [];
  const quarter = image.slice(0, 2).map((side) => Math.floor(Math.floor(side / 2) / 2));
  return layersToNetwork(image, [
    ...labelLayers(image, classes),
    down(64),
    LEAKY,
    down(128),
    ...normed,
    LEAKY,
    { kind: "reshape", shape: [quarter[0] * quarter[1] * 128] },
    { kind: "dense", units: 1024, deviation: DEVIATION },
    ...normed,
    LEAKY,
    { kind: "dense", units: outputs, deviation: DEVIATION },
  ]);
}
