/** How images reach a network that describes them, and what of it is taken. */
import { LAYOUTS, SCALING_NAMES, type ScalingName } from "../extractors/custom/custom-options.ts";
import { POSITIONS } from "../extractors/image-choices.ts";
import { CROPS } from "../images/resize/crop.ts";
import { type OptionKind, oneOf, optional, text } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { SEED_OPTION } from "../options/seed.ts";

/** `224`, or height x width: `224x196` (`224,196` as messages print it); in JSON also a number or a list. */
const size: OptionKind<readonly [height: number, width: number]> = {
  expects: "a size like 224, or height and width like 224x196",
  schema: ({ z }) =>
    z.preprocess(
      (value) => {
        const sides =
          typeof value === "string" && /^\d+([x,]\d+)?$/.test(value) ? value.split(/[x,]/) : value;
        const list = Array.isArray(sides) ? sides.map(Number) : [sides];
        return list.length === 1 ? [list[0], list[0]] : list;
      },
      z.tuple([z.int().min(1).max(4096), z.int().min(1).max(4096)]),
    ),
};

/** `0.5`, `0.485,0.456,0.406`, or a name; in JSON also a number or a list. */
const scaling: OptionKind<readonly number[] | ScalingName> = {
  expects: `one or three numbers separated by commas, or one of ${SCALING_NAMES.join(", ")}`,
  schema: ({ z }) =>
    z.preprocess(
      (value) => {
        if (typeof value === "number") return [value];
        const isList = typeof value === "string" && /^[-+.\de]+(,[-+.\de]+)*$/i.test(value);
        return isList && /\d/.test(value) ? value.split(",").map(Number) : value;
      },
      z.union([z.enum(SCALING_NAMES as [ScalingName, ...ScalingName[]]), z.array(z.number()).min(1).max(3)]),
    ),
};

export const EXTRACTOR_ROWS = {
  crop: option({
    group: "Measurement",
    kind: optional(oneOf(CROPS)),
    value: "PART",
    default: undefined,
    defaultText: "none",
    summary:
      "part of each image that is used, before any resize: none (all of it) or centre, the square of the short side",
  }),
  positions: option({
    group: "Measurement",
    kind: optional(oneOf(POSITIONS)),
    value: "NAME",
    default: undefined,
    defaultText: "dinov2",
    summary:
      "how DINOv2's position embeddings are interpolated: as its authors' code (dinov2) or as transformers and ONNX exports (huggingface)",
  }),
  inputSize: option({
    group: "Measurement",
    kind: optional(size),
    value: "SIZE",
    default: undefined,
    defaultText: "what the network states; 32 for pixels, 64 for random-conv",
    summary: "input size of your own network, N or HEIGHTxWIDTH; images are resized to it",
  }),
  mean: option({
    group: "Measurement",
    kind: optional(scaling),
    value: "LIST",
    default: undefined,
    defaultText: "0",
    summary: `what is subtracted from levels in 0..1 for a network of your own: a number, one a channel, or ${SCALING_NAMES.join(", ")}, which stand for --std too`,
  }),
  std: option({
    group: "Measurement",
    kind: optional(scaling),
    value: "LIST",
    default: undefined,
    defaultText: "1, or what --mean names",
    summary: "standard deviation to divide by after subtracting --mean",
  }),
  layout: option({
    group: "Measurement",
    kind: optional(oneOf(LAYOUTS)),
    value: "NAME",
    default: undefined,
    defaultText: "by the shape of the network's input",
    summary: "channel order of your own network: nchw or nhwc",
  }),
  output: option({
    group: "Measurement",
    kind: optional(text("the name of an output or of a tensor within")),
    value: "NAME",
    default: undefined,
    defaultText: "its first output",
    summary: "output of your own network that holds the features",
  }),
  logitsOutput: option({
    group: "Measurement",
    kind: optional(text("the name of an output or of a tensor within")),
    value: "NAME",
    default: undefined,
    defaultText: "none",
    summary: "output of your own network that holds the class logits, for the Inception Score",
  }),
  extractorSeed: option({ ...SEED_OPTION, summary: "seed of the random-conv weights" }),
} as const;
