/** Models of several networks by name, without what builds them: PyTorch-GAN's, each with its defaults and where ours differs. */
import type { DomainsWanted } from "../data/domains-wanted.ts";
import { BATCH_NORM_SLIP, EVERYWHERE, SQUASHED } from "./differences.ts";
import { IMAGE_MODELS } from "./image-models.ts";
import { LATENT_MODELS } from "./latent-models.ts";
import type { ParticularOptions, SchemeOptions, SharedOptions } from "./scheme-request.ts";
import { STYLE_MODELS } from "./style-models.ts";

export interface SchemeModel {
  readonly label: string;
  /** What its data are. */
  readonly wants: DomainsWanted;
  /** It needs the classes of `a` too: the field `labels`. */
  readonly labels?: "read";
  /** Side that images are brought to, in pixels. */
  readonly size: number;
  /** Shorter side of training images before a random part of `size` is cut out; `size` if left out. */
  readonly loadSize?: number;
  /** Training images are mirrored with probability 1/2. */
  readonly flip?: true;
  /** Learning rate of every player; 2e-4 if left out. */
  readonly rate?: number;
  /** Shared options that differ from `SHARED_DEFAULTS`. */
  readonly shared?: Partial<SharedOptions>;
  /** The particular options that it takes, with their defaults: PyTorch-GAN's. */
  readonly options: Partial<ParticularOptions>;
  /** Its terms by name, with their weights. */
  readonly weights: Readonly<Record<string, number>>;
  /** Where it does not do what the model of that name in PyTorch-GAN does, and why. */
  readonly differs: readonly string[];
  readonly source: string;
}

/** What models share unless their row says otherwise: the defaults of PyTorch-GAN's scripts. */
export const SHARED_DEFAULTS: SharedOptions & { readonly rate: number } = {
  rate: 2e-4,
  loss: "least-squares",
  batchSize: 1,
  optimizer: "adam",
  b1: 0.5,
  b2: 0.999,
  weightDecay: 0,
  gradientClip: 0,
  emaDecay: 0,
  weights: {},
};

/** Every model of several networks, by the name of `--model`. */
export const SCHEME_MODELS = {
  cyclegan: {
    label: "CycleGAN",
    wants: "domains",
    size: 256,
    loadSize: 286,
    flip: true,
    options: {
      translator: "resnet",
      filters: 64,
      discriminatorFilters: 64,
      blocks: 9,
      norm: "instance",
      upSampling: "nearest-convolution",
      discriminatorLayers: 4,
      discriminatorNet: "own",
      poolSize: 50,
      dropout: 0,
    },
    weights: { adversarial: 1, cycle: 10, identity: 5, penalty: 0 },
    differs: [
      ...EVERYWHERE,
      "the border of 7 x 7 windows is reflected by 3 whatever the channels: the script pads by the channels",
    ],
    source: "PyTorch-GAN cyclegan; Zhu et al. 2017",
  },
  discogan: {
    label: "DiscoGAN",
    wants: "domains",
    size: 64,
    shared: { batchSize: 64 },
    options: {
      translator: "unet",
      filters: 64,
      discriminatorFilters: 64,
      blocks: 6,
      norm: "instance",
      upSampling: "transposed",
      discriminatorLayers: 3,
      discriminatorNet: "own",
      poolSize: 0,
      dropout: 0.5,
    },
    weights: { adversarial: 1, cycle: 1, pixel: 0, penalty: 0 },
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "images need no pairs: the script's third term compares each translation with its partner, which --weight pixel=1 does here",
    ],
    source: "PyTorch-GAN discogan; Kim et al. 2017",
  },
  dualgan: {
    label: "DualGAN",
    wants: "domains",
    size: 128,
    shared: { batchSize: 8, loss: "wasserstein" },
    options: {
      translator: "unet",
      filters: 64,
      discriminatorFilters: 64,
      blocks: 6,
      norm: "instance",
      upSampling: "transposed",
      discriminatorLayers: 3,
      discriminatorNet: "own",
      poolSize: 0,
      dropout: 0.5,
      discriminatorSteps: 5,
    },
    weights: { adversarial: 1, cycle: 10, penalty: 10 },
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      BATCH_NORM_SLIP,
      "the norm under the penalty has 1e-12 under its root, so that its slope is finite at 0",
    ],
    source: "PyTorch-GAN dualgan; Yi et al. 2017",
  },
  ...STYLE_MODELS,
  ...LATENT_MODELS,
  ...IMAGE_MODELS,
} as const satisfies Readonly<Record<string, SchemeModel>>;

export type SchemeModelName = keyof typeof SCHEME_MODELS;

/** The options of a model with a user's in their places; what the model does not take has a value that it never reads. */
export function rowToOptions(row: SchemeModel, chosen: Partial<SchemeOptions>): SchemeOptions {
  const { rate: _, ...shared } = SHARED_DEFAULTS;
  const known = { ...UNREAD, ...shared };
  const given = Object.fromEntries(
    Object.entries(chosen).filter(([key, value]) => value !== undefined && key in known),
  );
  const weights = { ...row.weights, ...chosen.weights };
  return { ...known, ...row.shared, ...row.options, ...given, weights };
}

/** Values of options that a model does not take: it never reads them. */
export const UNREAD: ParticularOptions = {
  filters: 64,
  discriminatorFilters: 64,
  blocks: 0,
  norm: "instance",
  upSampling: "nearest-convolution",
  discriminatorLayers: 3,
  discriminatorNet: "own",
  translator: "resnet",
  poolSize: 0,
  dropout: 0,
  latentDim: 0,
  units: 0,
  clusters: 0,
  discriminatorSteps: 1,
  warmUp: 0,
  maskSize: 0,
  maskPlace: "random",
  scale: 1,
  perceptual: "none",
  perceptualLayer: "conv5_4",
  halvings: 2,
  scales: 1,
  styleDim: 8,
  styleUnits: 256,
  wanted: "permuted",
};
