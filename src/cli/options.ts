import { fileOf, integer, type OptionKind, oneOf, optional, text, toggle, words } from "./option-kinds.ts";

export const OPTION_GROUPS = ["Pictures", "Measurement", "Computation", "Output"] as const;
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
  readonly default: NoInfer<T>;
  /** Said instead of the default where that is not a value: "one per core". */
  readonly defaultText?: string;
  readonly env?: string;
  readonly summary: string;
}

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
