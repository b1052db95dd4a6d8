/** With what is computed. */
import { integer, oneOf, optional, text, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const COMPUTATION_OPTIONS = {
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
    summary: "never download Inception's weights: an error where they are not installed",
  }),
  cache: option({
    group: "Computation",
    kind: toggle(),
    default: true,
    summary: "take features of pictures that were measured before from the cache, and keep new ones there",
  }),
} as const;
