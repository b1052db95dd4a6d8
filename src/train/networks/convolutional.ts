/** Convolutional pairs. */
import { BATCH_NORM, type BatchNormOptions, type Layer, type Shape } from "./layers.ts";
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
}

/**
 * The generator of PyTorch-GAN's dcgan and others: latent to 128 channels at a quarter of the size, twice up-sampled by
 * the nearest pixel and convolved 3x3 (to 128, then 64 channels), batch norm and leaky units, 3x3 to the picture, tanh.
 * Sizes that 4 does not divide are rounded up on the way.
 */
export function upSamplingGenerator(
  latent: number,
  [height, width, channels]: readonly [number, number, number],
  { batchNorm = BATCH_NORM, firstNorm = true, deviation = DEVIATION }: UpSamplingOptions = {},
): Network {
  const drawn = deviation === null ? {} : { deviation };
  const convolution = (filters: number): Layer => ({
    kind: "convolution",
    ...{ filters, size: 3, stride: 1, padding: 1 },
    ...drawn,
  });
  const part = (divisor: number) => ({
    height: Math.ceil(height / divisor),
    width: Math.ceil(width / divisor),
  });
  const first = part(4);
  const up = (divisor: number, filters: number): Layer[] => [
    { kind: "up-sampling", ...part(divisor) },
    convolution(filters),
    norm(batchNorm, drawn.deviation),
    LEAKY,
  ];
  return layersToNetwork(
    [latent],
    [
      { kind: "dense", units: 128 * first.height * first.width },
      { kind: "reshape", shape: [first.height, first.width, 128] },
      ...(firstNorm ? [norm(BATCH_NORM, drawn.deviation)] : []),
      ...up(2, 128),
      ...up(1, 64),
      convolution(channels),
      { kind: "tanh" },
    ],
  );
}

/**
 * The discriminator beside it: four 3x3 convolutions of stride 2 (16, 32, 64, 128 channels), each with leaky units,
 * dropout of channels (0.25) and, but for the first, batch norm; one logit.
 */
export function stridedDiscriminator(
  picture: readonly [number, number, number],
  { batchNorm = BATCH_NORM, deviation = DEVIATION }: Omit<UpSamplingOptions, "firstNorm"> = {},
): Network {
  const drawn = deviation === null ? {} : { deviation };
  const blocks = [16, 32, 64, 128].flatMap((filters, i): Layer[] => [
    { kind: "convolution", ...{ filters, size: 3, stride: 2, padding: 1 }, ...drawn },
    LEAKY,
    { kind: "channel-dropout", rate: 0.25 },
    ...(i > 0 ? [norm(batchNorm, drawn.deviation)] : []),
  ]);
  const size = picture.slice(0, 2).map((side) => Math.ceil(side / 16));
  return layersToNetwork(picture, [
    ...blocks,
    { kind: "reshape", shape: [size[0] * size[1] * 128] },
    { kind: "dense", units: 1 },
  ]);
}

/**
 * The generator of Lucic et al. 2018, after InfoGAN's: latent to 1,024, to 128 channels at a quarter of the size, two
 * transposed 4x4 convolutions of stride 2 (64 channels, then the picture). Its pictures were in [0, 1] (sigmoid); ours
 * are in [-1, 1] (tanh). Sizes are multiples of 4.
 */
export function transposedGenerator(latent: number, picture: readonly [number, number, number]): Network {
  const [height, width, channels] = picture;
  const block = (layer: Layer): Layer[] => [layer, norm(BATCH_NORM), LEAKY];
  const up = (filters: number): Layer => ({
    kind: "transposed-convolution",
    ...{ filters, size: 4, stride: 2, padding: 1, deviation: DEVIATION },
  });
  const quarter: Shape = [Math.ceil(height / 4), Math.ceil(width / 4), 128];
  return layersToNetwork(
    [latent],
    [
      ...block({ kind: "dense", units: 1024, deviation: DEVIATION }),
      ...block({ kind: "dense", units: quarter[0] * quarter[1] * 128, deviation: DEVIATION }),
      { kind: "reshape", shape: quarter },
      ...block(up(64)),
      up(channels),
      { kind: "tanh" },
    ],
  );
}

/** The discriminator beside it: two 4x4 convolutions of stride 2 (64, 128 channels), 1,024 units, one logit. */
export function convolutionalDiscriminator(
  picture: readonly [number, number, number],
  { batchNorm = true }: { readonly batchNorm?: boolean } = {},
): Network {
  const down = (filters: number): Layer => ({
    kind: "convolution",
    ...{ filters, size: 4, stride: 2, padding: 1, deviation: DEVIATION },
  });
  const normed = batchNorm ? [norm(BATCH_NORM)] : [];
  const quarter = picture.slice(0, 2).map((side) => Math.floor(Math.floor(side / 2) / 2));
  return layersToNetwork(picture, [
    down(64),
    LEAKY,
    down(128),
    ...normed,
    LEAKY,
    { kind: "reshape", shape: [quarter[0] * quarter[1] * 128] },
    { kind: "dense", units: 1024, deviation: DEVIATION },
    ...normed,
    LEAKY,
    { kind: "dense", units: 1, deviation: DEVIATION },
  ]);
}
