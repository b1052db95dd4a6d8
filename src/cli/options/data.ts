/** What is read: pictures to score, data to train on. */
import { READING_ROWS } from "../../evaluate/option-rows.ts";
import { integer, oneOf, optional, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const DATA_OPTIONS = {
  real: option({
    group: "Data",
    kind: optional(text("pictures, features or statistics")),
    value: "A",
    default: undefined,
    summary:
      "real side: folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin), features or statistics",
  }),
  fake: option({
    group: "Data",
    kind: optional(text("pictures, features or statistics")),
    value: "B",
    default: undefined,
    summary: "generated side: the same kinds",
  }),
  heldOut: option({
    group: "Data",
    kind: optional(text("pictures or features")),
    value: "C",
    default: undefined,
    summary: "real pictures that the generator was not trained on: for memorisation and floors",
  }),
  images: option({
    group: "Data",
    kind: optional(text("pictures or features")),
    value: "A",
    default: undefined,
    summary:
      "pictures or features to summarise: folder, zip, IDX, CIFAR or npz file, @list.txt, - (paths on stdin)",
  }),
  data: option({
    group: "Data",
    kind: text("data to train on"),
    value: "DATA",
    default: "digits",
    defaultText: "digits (drawn, built in)",
    summary:
      "what to train on: digits, a toy (ring, grid, spiral, line, disjoint, two-gaussians, two-gaussians-1d), stacked-digits, or pictures: folder, zip, IDX, CIFAR or npz",
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
  ...READING_ROWS,
} as const;
