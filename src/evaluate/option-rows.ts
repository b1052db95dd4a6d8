/** Options that a measurement has, with their defaults: the library takes them from here, and so does the command line. */
import { RESIZE_MODE_NAMES } from "../images/resize/mode-names.ts";
import { SHARED_PARAMETER_ROWS } from "../metrics/parameter-rows.ts";
import { integer, number, oneOf, optional, text, toggle, words } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { COMPAT_PRESETS, type CompatName } from "./compat.ts";

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
      "feature network: inception; dinov2-s, -b or -l; clip-b-32, clip-l-14, clip-l-336; vgg16, vgg19, alexnet; digits (built in, for 28x28 grey digits), stacked-digits; pixels and random-conv (no weights); an .onnx file or tensorflow.js folder; several separated by commas",
  }),
  featureEnd: option({
    group: "Measurement",
    kind: optional(text("the name of an extractor's end")),
    value: "END",
    default: undefined,
    defaultText: "2048 for inception; features, class_token, projection or fc2 for others",
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
    kind: optional(oneOf(RESIZE_MODE_NAMES)),
    value: "MODE",
    default: undefined,
    defaultText: "tf1 for inception, vgg and alexnet, pil-bicubic for dinov2 and clip, clean for others",
    summary:
      "resize to the network's input like TensorFlow 1 (the original FID), PyTorch, clean-fid, PyTorch with antialiasing, or bicubic as Pillow up to 12, Pillow 13 or PyTorch do it (FD-DINOv2, CMMD)",
  }),
  compat: option({
    group: "Measurement",
    kind: optional(oneOf(Object.keys(COMPAT_PRESETS) as CompatName[])),
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
  ...SHARED_PARAMETER_ROWS,
} as const;

/** With what it is computed. */
export const COMPUTATION_ROWS = {
  batchSize: option({
    group: "Computation",
    kind: optional(integer(1, 4096)),
    value: "N",
    default: undefined,
    defaultText: "16; of an extractor on a GPU as its free memory allows, up to 256",
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
  tf32: option({
    group: "Computation",
    kind: toggle(),
    default: false,
    env: "GAN_EVAL_TF32",
    summary:
      "let NVIDIA GPUs multiply in TF32, which keeps 10 bits of 23; features differ then, and results say so",
  }),
  selfCheck: option({
    group: "Computation",
    kind: toggle(),
    default: true,
    env: "GAN_EVAL_SELF_CHECK",
    summary:
      "on devices other than the CPU, compare the first run of every program with the CPU; fail if they differ",
  }),
  weights: option({
    group: "Computation",
    kind: optional(text("a file or folder with the network's weights")),
    value: "PATH",
    default: undefined,
    defaultText: "the installed or downloaded ones",
    env: "GAN_EVAL_WEIGHTS",
    summary: "weights of the network that --extractor names, to use instead of the installed ones",
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
    summary: "never download networks; fail if they are not installed",
  }),
  cache: option({
    group: "Computation",
    kind: toggle(),
    default: true,
    summary: "reuse cached features of images measured before, and cache new ones",
  }),
  cacheLimit: option({
    group: "Computation",
    kind: number(0),
    value: "GIB",
    default: 50,
    env: "GAN_EVAL_CACHE_LIMIT",
    summary: "size of cached features to keep, in GiB; the least recently used are removed first",
  }),
} as const;
