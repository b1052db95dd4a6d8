/** Options of reading images, for evaluation and for training. */
import { integer, oneOf, optional, text } from "../options/kinds.ts";
import { option } from "../options/option.ts";

/** Which images of a set are read. */
export const READING_ROWS = {
  split: option({
    group: "Data",
    kind: optional(oneOf(["train", "test", "all"])),
    value: "NAME",
    default: undefined,
    defaultText: "the only one, else train",
    summary: "part of MNIST or CIFAR to read",
  }),
  limit: option({
    group: "Data",
    kind: optional(integer(1)),
    value: "N",
    default: undefined,
    defaultText: "all",
    summary: "use only the first N images of each set",
  }),
  onError: option({
    group: "Data",
    kind: oneOf(["fail", "skip"]),
    value: "WHAT",
    default: "fail",
    summary: "unreadable images: fail and list them, or skip and count them",
  }),
  imageKey: option({
    group: "Data",
    kind: optional(text("an extension")),
    value: "EXT",
    default: undefined,
    defaultText: "the only one of jpg, jpeg, png, webp",
    summary: "of tar shards: extension of the member that is a sample's image; jpg;png tries both in turn",
  }),
} as const;
