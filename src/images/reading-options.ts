/** Options of reading images, for evaluation and for training. */
import { integer, oneOf, optional } from "../options/kinds.ts";
import { option } from "../options/option.ts";

/** Which images of a set are read. */
export const READING_ROWS = {
  split: option({
    group: "Data",
    kind: optional(oneOf(["train", "test", "all"])),
    value: "NAME",
    default: undefined,
    defaultText: "the only one, else train",
    summary: "which part of a folder that holds MNIST's or CIFAR's files",
  }),
  limit: option({
    group: "Data",
    kind: optional(integer(1)),
    value: "N",
    default: undefined,
    defaultText: "all",
    summary: "use only the first N images, of each side where there are two",
  }),
  onError: option({
    group: "Data",
    kind: oneOf(["fail", "skip"]),
    value: "WHAT",
    default: "fail",
    summary: "images that cannot be read: fail and list them, or skip and count them",
  }),
} as const;
