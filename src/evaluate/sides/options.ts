/** Images to evaluate. */
import { optional, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

const FORMS = "folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin)";

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
    summary: `generated images: ${FORMS}; for distances also features or statistics`,
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
