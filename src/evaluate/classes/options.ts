/** Scores class by class. */
import { optional, text, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const CLASS_ROWS = {
  byClass: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary: "also a distance per class, their mean (intra-FID), and the distribution of classes",
  }),
  realLabels: option({
    group: "Measurement",
    kind: optional(text("a file of labels")),
    value: "FILE",
    default: undefined,
    defaultText: "class folders, or what an IDX, CIFAR or npz file holds",
    summary:
      "classes of the real side: one label per line, name,label as CSV, IDX, npy or npz (arr_1, labels)",
  }),
  fakeLabels: option({
    group: "Measurement",
    kind: optional(text("a file of labels")),
    value: "FILE",
    default: undefined,
    defaultText: "its own, else those that the network sees",
    summary: "classes of the generated side, in the same formats",
  }),
} as const;
