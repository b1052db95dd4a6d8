import {
  fileOf,
  integer,
  integers,
  number,
  type OptionKind,
  oneOf,
  optional,
  text,
  toggle,
  words,
} from "./option-kinds.ts";

export const OPTION_GROUPS = [
  "Data",
  "Pictures",
  "Model",
  "Training",
  "Recording",
  "Measurement",
  "Computation",
  "Output",
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/**
 * One option. Its flag, its place in the config file (the key of the table), its help line, its row in docs/options.md
 * and its type all come from here.
 */
export interface OptionRow<T> {
  readonly group: OptionGroup;
  readonly kind: OptionKind<T>;
  /** Placeholder of the value in help; none for switches. */
  readonly value?: string;
  readonly short?: string;
  /** The flag, where it is not the name in kebab case. */
  readonly flag?: string;
  /** Other spellings that are taken: those of the scripts that people come from. */
  readonly aliases?: readonly string[];
  readonly default: NoInfer<T>;
  /** Said instead of the default where that is not a value: "one per core". */
  readonly defaultText?: string;
  readonly env?: string;
  readonly summary: string;
}

/*
 * Names of the training room's tables: written out, for help must not load tensorflow.js; a test holds them together.
 */
export const MODEL_NAMES = [
  ...["gan", "mmgan", "dcgan", "lsgan", "wgan", "wgan_gp", "wgan_div", "softmax_gan", "bgan", "dragan"],
  ...["relativistic_gan", "began", "ebgan", "cgan", "acgan", "sgan", "infogan", "sngan", "hinge", "r1"],
  ...["pacgan", "goodfellow2014"],
] as const;
export const NET_NAMES = [
  ...["mlp", "conditional-mlp", "up-sampling", "up-sampling-plain", "conditional-up-sampling", "autoencoder"],
  ...["autoencoder-plain", "transposed", "transposed-without-norm", "dcgan", "resnet", "goodfellow2014"],
  ...["toy", "pacgan-toy"],
] as const;
export const LOSS_NAMES = [
  ...["minimax", "non-saturating", "least-squares", "hinge", "wasserstein", "relativistic"],
  ...["relativistic-average", "softmax", "boundary-seeking", "energy", "boundary-equilibrium"],
] as const;
export const PENALTY_NAMES = [
  ...["interpolated", "one-sided", "zero-centred", "dragan", "r1", "r2", "divergence"],
] as const;
export const AUXILIARY_NAMES = ["classification", "semi-supervised", "information", "pull-away"] as const;
export const OPTIMIZER_NAMES = ["adam", "rmsprop", "sgd"] as const;
export const SCHEDULE_NAMES = ["constant", "linear", "linear-late", "cosine", "exponential"] as const;

/** Lets the compiler take `T` from the kind and hold the default to it. */
const option = <T>(row: OptionRow<T>): OptionRow<T> => row;

/** Every option of every command, in the order in which help shows them. */
export const OPTIONS = {
  real: option({
    group: "Pictures",
    kind: optional(text("pictures, features or statistics")),
    value: "A",
    default: undefined,
    summary:
      "real side: folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin), features or statistics",
  }),
  fake: option({
    group: "Pictures",
    kind: optional(text("pictures, features or statistics")),
    value: "B",
    default: undefined,
    summary: "generated side: the same kinds",
  }),
  images: option({
    group: "Pictures",
    kind: optional(text("pictures or features")),
    value: "A",
    default: undefined,
    summary:
      "pictures or features to summarise: folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin)",
  }),
  split: option({
    group: "Pictures",
    kind: optional(oneOf(["train", "test", "all"])),
    value: "NAME",
    default: undefined,
    defaultText: "the only one, else train",
    summary: "which part of a folder that holds MNIST's or CIFAR's files",
  }),
  limit: option({
    group: "Pictures",
    kind: optional(integer(1)),
    value: "N",
    default: undefined,
    defaultText: "all",
    summary: "use only the first N pictures of each side",
  }),
  onError: option({
    group: "Pictures",
    kind: oneOf(["fail", "skip"]),
    value: "WHAT",
    default: "fail",
    summary: "pictures that cannot be read: fail and list them, or skip and count them",
  }),

  data: option({
    group: "Data",
    kind: text("data to train on"),
    value: "DATA",
    default: "digits",
    defaultText: "digits (drawn, built in)",
    summary:
      "what to train on: digits, a toy (ring, grid, spiral, line, two-gaussians, disjoint, ...), stacked-digits, or pictures (folder, zip, IDX, CIFAR, npz)",
  }),
  imgSize: option({
    group: "Data",
    kind: optional(integer(4, 1024)),
    value: "N",
    default: undefined,
    defaultText: "the model's, else the pictures' own",
    summary: "side that pictures are brought to",
  }),
  channels: option({
    group: "Data",
    kind: optional(oneOf(["1", "3"])),
    value: "N",
    default: undefined,
    defaultText: "1 if all pictures are grey, else 3",
    summary: "1: grey, 3: colour",
  }),

  model: option({
    group: "Model",
    kind: oneOf(MODEL_NAMES),
    value: "NAME",
    default: "gan",
    summary: "a model by name; every other option here changes one thing about it (docs/models.md)",
  }),
  net: option({
    group: "Model",
    kind: optional(text("a pair of networks by name, or a module")),
    value: "NAME",
    default: undefined,
    defaultText: "the model's",
    summary: `networks: ${NET_NAMES.join(", ")}, or the path of your own module`,
  }),
  loss: option({
    group: "Model",
    kind: optional(oneOf(LOSS_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: "the model's",
    summary: `what the two minimise: ${LOSS_NAMES.join(", ")}`,
  }),
  penalty: option({
    group: "Model",
    kind: optional(words("penalties separated by commas, or none")),
    value: "LIST",
    default: undefined,
    defaultText: "the model's",
    summary: `bounds on the discriminator's slope: ${PENALTY_NAMES.join(", ")}, or none`,
  }),
  penaltyWeight: option({
    group: "Model",
    kind: optional(number(0)),
    value: "X",
    aliases: ["lambda-gp"],
    default: undefined,
    defaultText: "the model's, else the penalty's",
    summary: "weight of the penalties",
  }),
  auxiliary: option({
    group: "Model",
    kind: optional(words("further tasks separated by commas, or none")),
    value: "LIST",
    default: undefined,
    defaultText: "the model's",
    summary: `further tasks: ${AUXILIARY_NAMES.join(", ")}, or none`,
  }),
  conditional: option({
    group: "Model",
    kind: optional(toggle()),
    default: undefined,
    defaultText: "the model's",
    summary: "tell both networks the class",
  }),
  clipValue: option({
    group: "Model",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "the model's",
    summary: "cut the discriminator's weights to this; 0 is never",
  }),
  spectralNorm: option({
    group: "Model",
    kind: optional(oneOf(["none", "discriminator", "both"])),
    value: "WHERE",
    default: undefined,
    defaultText: "the model's",
    summary: "divide weight matrices by their largest singular value",
  }),
  minibatchDeviation: option({
    group: "Model",
    kind: toggle(),
    default: false,
    summary: "show the discriminator how much the batch varies",
  }),
  packing: option({
    group: "Model",
    kind: optional(integer(1, 16)),
    value: "M",
    default: undefined,
    defaultText: "the model's",
    summary: "samples that the discriminator judges at a time (PacGAN)",
  }),
  orthogonal: option({
    group: "Model",
    kind: number(0),
    value: "X",
    default: 0,
    summary: "weight of the orthogonal regularisation",
  }),
  labelSmoothing: option({
    group: "Model",
    kind: number(0, 0.5),
    value: "X",
    default: 0,
    summary: "real pictures' target is 1 - X (one-sided)",
  }),
  instanceNoise: option({
    group: "Model",
    kind: number(0),
    value: "X",
    default: 0,
    summary: "deviation of noise on what the discriminator sees, falling to zero over the run",
  }),
  latentDim: option({
    group: "Model",
    kind: optional(integer(1, 65536)),
    value: "N",
    default: undefined,
    defaultText: "the model's",
    summary: "numbers of noise that a sample is made of",
  }),
  latentDistribution: option({
    group: "Model",
    kind: optional(oneOf(["normal", "uniform"])),
    value: "NAME",
    default: undefined,
    defaultText: "the model's",
    summary: "standard normal, or uniform in [-1, 1)",
  }),
  categories: option({
    group: "Model",
    kind: optional(integers("sizes of categorical codes separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: "the model's",
    summary: "categorical codes of InfoGAN",
  }),
  codeDim: option({
    group: "Model",
    kind: optional(integer(0, 1024)),
    value: "N",
    default: undefined,
    defaultText: "the model's",
    summary: "continuous codes of InfoGAN",
  }),
  hiddenLayers: option({
    group: "Model",
    kind: integer(0, 5),
    value: "N",
    default: 2,
    summary: "hidden layers of the toy networks",
  }),
  hiddenUnits: option({
    group: "Model",
    kind: integer(1, 4096),
    value: "N",
    default: 128,
    summary: "units of each",
  }),
  margin: option({
    group: "Model",
    kind: number(0),
    value: "X",
    default: 1,
    summary: "energy that fake pictures are pushed up to (energy loss)",
  }),
  gamma: option({
    group: "Model",
    kind: number(0, 1),
    value: "X",
    default: 0.75,
    summary: "BEGAN's ratio of the fake pictures' energy to the real ones'",
  }),
  lambdaK: option({
    group: "Model",
    kind: number(0),
    value: "X",
    default: 0.001,
    summary: "how fast BEGAN steers its k",
  }),

  nEpochs: option({
    group: "Training",
    kind: integer(1),
    value: "N",
    aliases: ["epochs"],
    default: 200,
    summary: "passes over the data",
  }),
  rounds: option({
    group: "Training",
    kind: optional(integer(1)),
    value: "N",
    default: undefined,
    defaultText: "what --n-epochs makes; 10000 for data without an end",
    summary: "steps of the generator, instead of passes over the data",
  }),
  trainBatchSize: option({
    group: "Training",
    kind: optional(integer(2, 65536)),
    value: "N",
    flag: "batch-size",
    default: undefined,
    defaultText: "the model's: 64; 256 for toys",
    summary: "samples to a step of the discriminator",
  }),
  lr: option({
    group: "Training",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "the model's: 0.0002; 0.001 for toys",
    summary: "learning rate of both networks",
  }),
  lrGenerator: option({
    group: "Training",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "--lr",
    summary: "learning rate of the generator",
  }),
  lrDiscriminator: option({
    group: "Training",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "--lr",
    summary: "learning rate of the discriminator",
  }),
  optimizer: option({
    group: "Training",
    kind: optional(oneOf(OPTIMIZER_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: "the model's",
    summary: `${OPTIMIZER_NAMES.join(", ")}`,
  }),
  b1: option({
    group: "Training",
    kind: optional(number(0, 1)),
    value: "X",
    default: undefined,
    defaultText: "the model's: 0.5",
    summary: "Adam's decay of the first moment",
  }),
  b2: option({
    group: "Training",
    kind: optional(number(0, 1)),
    value: "X",
    default: undefined,
    defaultText: "0.999",
    summary: "Adam's decay of the second moment",
  }),
  momentum: option({
    group: "Training",
    kind: optional(number(0, 1)),
    value: "X",
    default: undefined,
    defaultText: "the model's",
    summary: "SGD's momentum",
  }),
  schedule: option({
    group: "Training",
    kind: oneOf(SCHEDULE_NAMES),
    value: "NAME",
    default: "constant",
    summary: `how the rates change: ${SCHEDULE_NAMES.join(", ")}`,
  }),
  nCritic: option({
    group: "Training",
    kind: optional(integer(1, 100)),
    value: "N",
    aliases: ["discriminator-steps"],
    default: undefined,
    defaultText: "the model's",
    summary: "steps of the discriminator to a round",
  }),
  generatorSteps: option({
    group: "Training",
    kind: integer(1, 100),
    value: "N",
    default: 1,
    summary: "steps of the generator to a round",
  }),
  gradientClip: option({
    group: "Training",
    kind: number(0),
    value: "X",
    default: 0,
    summary: "scale a network's gradients down to this norm; 0 is never",
  }),
  ema: option({
    group: "Training",
    kind: number(0, 1),
    value: "DECAY",
    default: 0,
    summary: "sample from a running average of the generator; 0 is the generator itself, 0.999 is usual",
  }),
  onNan: option({
    group: "Training",
    kind: oneOf(["stop", "roll-back"]),
    value: "WHAT",
    default: "stop",
    summary:
      "when a loss is no number any more: stop, or go back to the last checkpoint with half the rate, up to three times",
  }),

  runOut: option({
    group: "Recording",
    kind: optional(text("a folder")),
    value: "DIR",
    short: "o",
    flag: "out",
    default: undefined,
    defaultText: "runs/MODEL-N, the next number that is free",
    summary: "folder of the run",
  }),
  resume: option({
    group: "Recording",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "go on with a run where its last checkpoint is, to the same bytes as if it had never stopped",
  }),
  allowChanges: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "let a resumed run go on with other options than it was begun with",
  }),
  dryRun: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "print layers, memory, steps and the time that it will take, and train nothing",
  }),
  recordInterval: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 10,
    summary: "record losses, scores and norms every N rounds",
  }),
  sampleInterval: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 400,
    summary: "a grid of samples every N batches; 0 is never",
  }),
  checkpointInterval: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 1000,
    summary: "a checkpoint every N rounds",
  }),
  keepCheckpoints: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 2,
    summary: "checkpoints to keep beside the best one",
  }),
  evalEvery: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 0,
    summary: "score the generator against held-out data every N rounds; 0 is never",
  }),
  evalSamples: option({
    group: "Recording",
    kind: integer(2),
    value: "N",
    default: 2000,
    summary: "samples to a scoring",
  }),
  evalMetrics: option({
    group: "Recording",
    kind: optional(words("metrics separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: "fid,is,precision,recall for pictures; modes for toys",
    summary: "what to score; the first decides which checkpoint is best",
  }),
  earlyStop: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 0,
    summary: "stop when N scorings in a row were no better than the best; 0 is never",
  }),
  tensorboard: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "also write event files for TensorBoard",
  }),
  run: option({
    group: "Data",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "run to take the generator from",
  }),
  checkpoint: option({
    group: "Data",
    kind: text("latest, best or a round"),
    value: "WHICH",
    default: "best",
    defaultText: "best, if the run was scored, else latest",
    summary: "which of its checkpoints: latest, best, or a round's number",
  }),
  n: option({
    group: "Data",
    kind: integer(1),
    value: "N",
    default: 10000,
    summary: "samples to make",
  }),
  classes: option({
    group: "Data",
    kind: optional(text("class numbers separated by commas, or balanced")),
    value: "LIST",
    default: undefined,
    defaultText: "drawn, each as likely as any other",
    summary: "classes to make, of a conditional generator",
  }),
  picturesOut: option({
    group: "Output",
    kind: optional(text("a folder or file name")),
    value: "PATH",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "where samples go: a folder of PNG, or .zip, .npz, -ubyte (IDX) by the name's ending",
  }),
  overwrite: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "replace what is there",
  }),
  steps: option({
    group: "Data",
    kind: integer(2, 1000),
    value: "N",
    default: 8,
    summary: "pictures from one end of a path to the other",
  }),
  paths: option({
    group: "Data",
    kind: integer(1, 1000),
    value: "N",
    default: 8,
    summary: "paths, one a row",
  }),
  interpolation: option({
    group: "Data",
    kind: oneOf(["spherical", "linear"]),
    value: "HOW",
    default: "spherical",
    summary: "along an arc, where normal latents lie, or along a line",
  }),
  to: option({
    group: "Output",
    kind: optional(oneOf(["onnx", "tfjs"])),
    value: "FORMAT",
    default: undefined,
    summary: "onnx: one file that any ONNX runtime runs; tfjs: a graph model for tensorflow.js",
  }),
  exportOut: option({
    group: "Output",
    kind: optional(text("a file or folder name")),
    value: "PATH",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "the .onnx file, or the folder of the tfjs model",
  }),

  metrics: option({
    group: "Measurement",
    kind: words("metric names separated by commas, as `gan-eval list-metrics` lists them"),
    value: "LIST",
    default: ["fid", "is"],
    summary: "metrics to compute in one pass over the pictures, separated by commas",
  }),
  extractor: option({
    group: "Measurement",
    kind: oneOf(["inception", "digits"]),
    value: "NAME",
    default: "inception",
    summary: "network that describes a picture; digits is built in, for 28x28 grey digits only",
  }),
  featureEnd: option({
    group: "Measurement",
    kind: optional(oneOf(["64", "192", "768", "2048", "features", "logits_unbiased", "logits"])),
    value: "END",
    default: undefined,
    defaultText: "2048 for inception, features for digits",
    summary: "layer whose output the Frechet distance compares",
  }),
  logitsEnd: option({
    group: "Measurement",
    kind: optional(oneOf(["logits_unbiased", "logits"])),
    value: "END",
    default: undefined,
    defaultText: "logits_unbiased for inception, logits for digits",
    summary: "logits that the Inception Score uses",
  }),
  resize: option({
    group: "Measurement",
    kind: oneOf(["tf1", "pytorch", "clean"]),
    value: "MODE",
    default: "tf1",
    summary: "resize to the network's input like TensorFlow 1 (the original FID), PyTorch, or clean-fid",
  }),
  splits: option({
    group: "Measurement",
    kind: integer(1, 1_000_000),
    value: "N",
    default: 10,
    summary: "parts of the Inception Score; its spread is over them",
  }),
  shuffle: option({
    group: "Measurement",
    kind: toggle(),
    default: true,
    summary: "shuffle before the Inception Score's parts are cut",
  }),
  seed: option({
    group: "Measurement",
    kind: integer(0, 2 ** 32 - 1),
    value: "N",
    default: 2020,
    summary: "seed of shuffles and subsets",
  }),
  ddof: option({
    group: "Measurement",
    kind: integer(0, 1),
    value: "N",
    default: 1,
    summary: "covariance divides by n - N",
  }),

  batchSize: option({
    group: "Computation",
    kind: integer(1, 4096),
    value: "N",
    default: 16,
    env: "GAN_EVAL_BATCH_SIZE",
    summary: "pictures in a run of the network, or fewer; no result depends on it",
  }),
  engine: option({
    group: "Computation",
    kind: oneOf(["auto", "onnx", "tensorflow", "wasm", "cpu"]),
    value: "NAME",
    default: "auto",
    env: "GAN_EVAL_ENGINE",
    summary: "what computes; auto is onnx",
  }),
  device: option({
    group: "Computation",
    kind: oneOf(["auto", "cpu", "webgpu", "cuda", "dml", "coreml"]),
    value: "NAME",
    default: "auto",
    env: "GAN_EVAL_DEVICE",
    summary: "where it computes; a device that is named and absent is an error; auto is cpu",
  }),
  threads: option({
    group: "Computation",
    kind: optional(integer(1, 1024)),
    value: "N",
    default: undefined,
    defaultText: "one per core",
    env: "GAN_EVAL_THREADS",
    aliases: ["n-cpu"],
    summary: "threads of the engine",
  }),
  weights: option({
    group: "Computation",
    kind: optional(text("a file or folder with the network's weights")),
    value: "PATH",
    default: undefined,
    defaultText: "the installed ones",
    env: "GAN_EVAL_WEIGHTS",
    summary: "Inception weights to use instead of the installed ones",
  }),
  cacheDir: option({
    group: "Computation",
    kind: optional(text("a folder")),
    value: "DIR",
    default: undefined,
    defaultText: "$XDG_CACHE_HOME/gan-eval or ~/.cache/gan-eval",
    env: "GAN_EVAL_CACHE",
    summary: "folder of installed networks",
  }),

  out: option({
    group: "Output",
    kind: optional(text("a file name")),
    value: "FILE",
    short: "o",
    default: undefined,
    defaultText: "none",
    summary: "also write the result to FILE",
  }),
  statisticsOut: option({
    group: "Output",
    kind: optional(fileOf(".npz")),
    value: "FILE",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "the npz file to write; gan-eval, pytorch-fid and clean-fid read it",
  }),
  json: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print the result as JSON and nothing else on stdout",
  }),
  csv: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print the result as CSV",
  }),
  md: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print the result as a Markdown table",
  }),
  quiet: option({
    group: "Output",
    kind: toggle(),
    short: "q",
    default: false,
    summary: "no progress, warnings or hints on stderr; errors stay",
  }),
  verbose: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "say on stderr where each option's value came from",
  }),
  color: option({
    group: "Output",
    kind: optional(toggle()),
    default: undefined,
    defaultText: "on terminals, unless NO_COLOR is set or TERM is dumb",
    summary: "colour in text output",
  }),
  config: option({
    group: "Output",
    kind: optional(text("a JSON file")),
    value: "FILE",
    default: undefined,
    defaultText: "gan-eval.config.json here, if there is one",
    env: "GAN_EVAL_CONFIG",
    summary: "file of options",
  }),
} as const;

export type OptionName = keyof typeof OPTIONS;
export type OptionValue<Name extends OptionName> =
  (typeof OPTIONS)[Name] extends OptionRow<infer T> ? T : never;

/** The values a command receives; those it requires are never undefined. */
export type OptionValues<Names extends OptionName, Required extends Names = never> = {
  readonly [Name in Names]: Name extends Required ? NonNullable<OptionValue<Name>> : OptionValue<Name>;
};

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Every command has these. */
export const OUTPUT_OPTIONS = ["out", "json", "csv", "md", "quiet", "verbose", "color", "config"] as const;

/** A row, where its value's type does not matter. */
export const optionRow = (name: OptionName): OptionRow<unknown> => OPTIONS[name] as OptionRow<unknown>;

/** `batchSize` to `batch-size`. */
const nameToKebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The flag of an option, without its dashes. */
export const nameToFlag = (name: OptionName): string => optionRow(name).flag ?? nameToKebab(name);

/** `batch-size`, `batch_size` or `batchSize` to `batchSize`. */
export const flagToName = (flag: string): string =>
  flag.replace(/[-_]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** What help and docs say about the default; nothing for switches that are off. */
export function defaultToText(row: OptionRow<unknown>): string | undefined {
  if (row.defaultText !== undefined) return row.defaultText;
  if (row.default === undefined || row.default === false) return undefined;
  if (row.default === true) return "on";
  return Array.isArray(row.default) ? row.default.join(",") : String(row.default);
}
