/** Images to evaluate. */
import { optional, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const SIDE_ROWS = {
  real: option({
    group: "Data",
    kind: optional(text("images, features or statistics")),
    value: "A",
    default: undefined,
    summary:
      "real images: folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin); or features or statistics",
  }),
  fake: option({
    group: "Data",
    kind: optional(text("images, features or statistics")),
    value: "B",
    default: undefined,
    summary: "generated images, in any of the forms of --real",
  }),
  heldOut: option({
    group: "Data",
    kind: optional(text("images or features")),
    value: "C",
    default: undefined,
    summary: "real images held out from training: for memorization metrics and floors",
  }),
  images: option({
    group: "Data",
    kind: optional(text("images or features")),
    value: "A",
    default: undefined,
    summary:
      "images or features to summarize: folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin)",
  }),
} as const;
