/** Options that a measurement has, with their defaults: the library takes them from here, and so does the command line. */
import { integer, type OptionKind, oneOf, optional, text, toggle, words } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { SEED_OPTION } from "../options/seed.ts";

const zeroOrOne = integer(0, 1) as OptionKind<0 | 1>;

/** How a score is computed. */
export const MEASUREMENT_ROWS = {
  metrics: option({
    group: "Measurement",
    kind: words("metric names separated by commas, as `gan-eval list-metrics` lists them"),
    value: "LIST",
    default: ["fid", "is"],
    summary: "metrics to compute in one pass over the images, separated by commas",
  }),
  extractor: option({
    group: "Measurement",
    kind: words("names of extractors, .onnx files or tensorflow.js folders, separated by commas"),
    value: "NAME|FILE",
    default: ["inception"],
    summary:
      "feature network: inception; digits (built in, for 28x28 grey digits), stacked-digits; pixels and random-conv (no weights); an .onnx file or tensorflow.js folder; several separated by commas",
  }),
  featureEnd: option({
    group: "Measurement",
    kind: optional(text("the name of an extractor's end")),
    value: "END",
    default: undefined,
    defaultText: "2048 for inception, features for digits",
    summary: "layer whose features the Frechet distance compares",
  }),
  logitsEnd: option({
    group: "Measurement",
    kind: optional(text("the name of an extractor's end")),
    value: "END",
    default: undefined,
    defaultText: "logits_unbiased for inception, logits for digits",
    summary: "layer of the logits for the Inception Score",
  }),
  resize: option({
    group: "Measurement",
    kind: optional(oneOf(["tf1", "pytorch", "clean", "antialias"])),
    value: "MODE",
    default: undefined,
    defaultText: "tf1 for inception, clean for others",
    summary:
      "resize to the network's input like TensorFlow 1 (the original FID), PyTorch, clean-fid, or PyTorch with antialiasing",
  }),
  compat: option({
    group: "Measurement",
    kind: optional(
      oneOf([
        ...([
          "torch-fidelity",
          "pytorch-fid",
          "clean-fid",
          "torchmetrics",
          "stylegan",
          "ttur",
          "adm",
        ] as const),
        ...(["skimage", "basicsr"] as const),
      ]),
    ),
    value: "LIBRARY",
    default: undefined,
    defaultText: "none: the original protocol, which is torch-fidelity's",
    summary: "use the conventions of another library: resize, scaling, ddof, splits, shuffles, subsets",
  }),
  ci: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary: "add a 95 % confidence interval to every value (docs/intervals.md)",
  }),
  floor: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary: "add to every distance its real-vs-real floor, the value a perfect generator would get",
  }),
  splits: option({
    group: "Measurement",
    kind: integer(1, 1_000_000),
    value: "N",
    default: 10,
    summary: "splits of the Inception Score; its spread is over them",
  }),
  shuffle: option({
    group: "Measurement",
    kind: toggle(),
    default: true,
    summary: "shuffle before splitting for the Inception Score",
  }),
  seed: SEED_OPTION,
  ddof: option({
    group: "Measurement",
    kind: zeroOrOne,
    value: "N",
    default: 1,
    summary: "covariance divides by n - N",
  }),
} as const;

/** With what it is computed. */
export const COMPUTATION_ROWS = {
  batchSize: option({
    group: "Computation",
    kind: integer(1, 4096),
    value: "N",
    default: 16,
    env: "GAN_EVAL_BATCH_SIZE",
    summary: "images per run of the network; results do not depend on it",
  }),
  engine: option({
    group: "Computation",
    kind: oneOf(["auto", "onnx", "tensorflow", "wasm", "cpu"]),
    value: "NAME",
    default: "auto",
    env: "GAN_EVAL_ENGINE",
    summary: "compute engine; auto is onnx",
  }),
  device: option({
    group: "Computation",
    kind: oneOf(["auto", "cpu", "webgpu", "cuda", "dml", "coreml"]),
    value: "NAME",
    default: "auto",
    env: "GAN_EVAL_DEVICE",
    summary: "compute device; naming one that is absent is an error; auto is cpu",
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
    defaultText: "the installed or downloaded ones",
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
    summary: "folder of installed networks and cached features",
  }),
  offline: option({
    group: "Computation",
    kind: toggle(),
    default: false,
    env: "GAN_EVAL_OFFLINE",
    summary: "never download Inception weights; fail if they are not installed",
  }),
  cache: option({
    group: "Computation",
    kind: toggle(),
    default: true,
    summary: "reuse cached features of images measured before, and cache new ones",
  }),
} as const;
