/** Models of several networks by name: PyTorch-GAN's, each with its defaults and where ours differs. */
import type { DomainsWanted } from "../data/domains-wanted.ts";
import type { Scheme } from "../scheme/scheme.ts";
import { CYCLE_KINDS, cycleScheme } from "./cycle.ts";
import { ccganScheme, contextEncoderScheme } from "./inpainting.ts";
import { pairedScheme } from "./paired.ts";
import type { ParticularOptions, SchemeOptions, SchemeRequest, SharedOptions } from "./scheme-request.ts";
import { ENLARGING_KINDS, superResolutionScheme } from "./super-resolution.ts";

export interface SchemeModel {
  readonly label: string;
  /** What its data are. */
  readonly wants: DomainsWanted;
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
  readonly build: (request: SchemeRequest) => Scheme | Promise<Scheme>;
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

const HELD_OUT =
  "held-out images are neither trained on nor augmented, and previews show the same ones each time";
const EVERYWHERE = [HELD_OUT, "the last incomplete batch of each epoch is dropped"];
const SQUASHED = "images are brought to size without squashing them: they cover it, and the middle is used";
const ENLARGED = [
  "no network compares features unless --perceptual names one: the script downloads VGG19. The pixel term then has the perceptual term's weight besides its own",
  "checkpoints hold all that resuming needs",
];

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
      poolSize: 50,
      dropout: 0,
    },
    weights: { adversarial: 1, cycle: 10, identity: 5 },
    build: (request) => cycleScheme(request, CYCLE_KINDS.cyclegan),
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
      poolSize: 0,
      dropout: 0.5,
    },
    weights: { adversarial: 1, cycle: 1, pixel: 0 },
    build: (request) => cycleScheme(request, CYCLE_KINDS.discogan),
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
      poolSize: 0,
      dropout: 0.5,
      discriminatorSteps: 5,
    },
    weights: { adversarial: 1, cycle: 10, penalty: 10 },
    build: (request) => cycleScheme(request, CYCLE_KINDS.dualgan),
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "the norm under the penalty has 1e-12 under its root, so that its slope is finite at 0",
    ],
    source: "PyTorch-GAN dualgan; Yi et al. 2017",
  },
  pix2pix: {
    label: "pix2pix",
    wants: "pairs",
    size: 256,
    options: {
      translator: "unet",
      filters: 64,
      discriminatorFilters: 64,
      blocks: 9,
      norm: "instance",
      upSampling: "transposed",
      discriminatorLayers: 4,
      poolSize: 0,
      dropout: 0.5,
    },
    weights: { adversarial: 1, pixel: 100 },
    build: pairedScheme,
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "a is the left half of an image or the first folder, and --direction b-to-a turns it round: the script learns from the right half to the left",
      "images of the folder test are not trained on",
    ],
    source: "PyTorch-GAN pix2pix; Isola et al. 2017",
  },
  srgan: {
    label: "SRGAN",
    wants: "images",
    size: 256,
    shared: { batchSize: 4 },
    options: {
      filters: 64,
      discriminatorFilters: 64,
      blocks: 16,
      scale: 4,
      warmUp: 0,
      perceptual: "none",
      perceptualLayer: ENLARGING_KINDS.srgan.layer,
    },
    weights: { perceptual: 1, adversarial: 1e-3, pixel: 0 },
    build: (request) => superResolutionScheme(request, ENLARGING_KINDS.srgan),
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      ...ENLARGED,
      "images are in [-1, 1], as the network's tanh gives them, and normalised where features are computed: the script compares them with targets from -2.1 to 2.6",
    ],
    source: "PyTorch-GAN srgan; Ledig et al. 2017",
  },
  esrgan: {
    label: "ESRGAN",
    wants: "images",
    size: 256,
    shared: { batchSize: 4, b1: 0.9, loss: "relativistic-average" },
    options: {
      filters: 64,
      discriminatorFilters: 64,
      blocks: 23,
      scale: 4,
      warmUp: 500,
      perceptual: "none",
      perceptualLayer: ENLARGING_KINDS.esrgan.layer,
    },
    weights: { perceptual: 1, adversarial: 5e-3, pixel: 1e-2 },
    build: (request) => superResolutionScheme(request, ENLARGING_KINDS.esrgan),
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      ...ENLARGED,
      "dense layers have half as many filters as the first one, leaky units a slope of 0.2, and images grow by nearest pixels and a convolution, as in the authors' program: the script has 64 filters, 0.01 and shuffled pixels, 38.5 million weights for 16.7",
      "the generator's relativistic loss has both halves, of real and of made images: the script has the second alone",
    ],
    source: "PyTorch-GAN esrgan; Wang et al. 2018; BasicSR",
  },
  context_encoder: {
    label: "Context encoder",
    wants: "images",
    size: 128,
    shared: { batchSize: 8 },
    options: {
      filters: 64,
      discriminatorFilters: 64,
      discriminatorLayers: 3,
      maskSize: 64,
      maskPlace: "random",
      latentDim: 4000,
    },
    weights: { adversarial: 1e-3, pixel: 0.999 },
    build: contextEncoderScheme,
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "--img-size and --mask-size are read: the script's data are always of 128 and 64",
      "--latent-dim is the number of channels at the smallest size, 4,000: the script reads no such flag",
    ],
    source: "PyTorch-GAN context_encoder; Pathak et al. 2016",
  },
  ccgan: {
    label: "CCGAN",
    wants: "images",
    size: 128,
    shared: { batchSize: 8 },
    options: {
      filters: 64,
      discriminatorFilters: 64,
      discriminatorLayers: 3,
      dropout: 0.5,
      maskSize: 32,
      maskPlace: "random",
      scale: 4,
    },
    weights: { adversarial: 1, pixel: 0, reconstruction: 0 },
    build: ccganScheme,
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "the discriminator sees the known pixels with the hole filled: the script shows it all that the generator makes, which nothing ties to the known pixels",
    ],
    source: "PyTorch-GAN ccgan; Denton et al. 2016",
  },
} as const satisfies Readonly<Record<string, SchemeModel>>;

export type SchemeModelName = keyof typeof SCHEME_MODELS;

/** The options of a model with a user's in their places; what the model does not take has a value that it never reads. */
export function rowToOptions(row: SchemeModel, chosen: Partial<SchemeOptions>): SchemeOptions {
  const { rate: _, ...shared } = SHARED_DEFAULTS;
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const weights = { ...row.weights, ...chosen.weights };
  return { ...UNREAD, ...shared, ...row.shared, ...row.options, ...given, weights };
}

const UNREAD: ParticularOptions = {
  filters: 64,
  discriminatorFilters: 64,
  blocks: 0,
  norm: "instance",
  upSampling: "nearest-convolution",
  discriminatorLayers: 3,
  translator: "resnet",
  poolSize: 0,
  dropout: 0,
  latentDim: 0,
  categories: 0,
  discriminatorSteps: 1,
  warmUp: 0,
  maskSize: 0,
  maskPlace: "random",
  scale: 1,
  perceptual: "none",
  perceptualLayer: "conv5_4",
};
