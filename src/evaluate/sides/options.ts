/** Images to evaluate. */
import { integer, oneOf, optional, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

const FORMS = "folder, zip, tar shards, IDX, CIFAR or npz file, @list.txt, - (paths on stdin)";

/** What of a file counts, and how a generator in a file is asked for images. */
export const FILE_ROWS = {
  prefer: option({
    group: "Data",
    kind: oneOf(["statistics", "images"]),
    value: "WHAT",
    default: "statistics",
    summary: "which to use of a file that holds both, as ADM's reference batches do",
  }),
  samples: option({
    group: "Data",
    kind: integer(1),
    value: "N",
    default: 10_000,
    summary: "number of images to draw from a generator given as an .onnx file",
  }),
  latents: option({
    group: "Data",
    kind: optional(oneOf(["normal", "uniform"])),
    value: "NAME",
    default: undefined,
    defaultText: "what the file states, as gan-eval export writes it; else normal",
    summary: "latents of a generator given as an .onnx file: standard normal, or uniform in [-1, 1)",
  }),
  pixelRange: option({
    group: "Data",
    kind: oneOf(["-1..1", "0..1", "0..255"]),
    value: "RANGE",
    default: "-1..1",
    summary: "range of the numbers that a generator given as an .onnx file returns; uint8 needs none",
  }),
} as const;

export const SIDE_ROWS = {
  real: option({
    group: "Data",
    kind: optional(text("images, features or statistics")),
    value: "A",
    default: undefined,
    summary: `real images: ${FORMS}; or features or statistics`,
  }),
  fake: option({
    group: "Data",
    kind: optional(text("images, features or statistics")),
    value: "B",
    default: undefined,
    summary: `generated images: ${FORMS}; or a generator as .onnx; for distances also features or statistics`,
  }),
  heldOut: option({
    group: "Data",
    kind: optional(text("images or features")),
    value: "C",
    default: undefined,
    summary: "real images held out from training: for memorisation metrics and floors",
  }),
  images: option({
    group: "Data",
    kind: optional(text("images or features")),
    value: "A",
    default: undefined,
    summary: `images or features to summarize: ${FORMS}`,
  }),
} as const;
