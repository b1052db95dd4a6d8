/** Options of what is trained on. */
import { READING_ROWS } from "../../images/reading-options.ts";
import {
  integer,
  nullable,
  number,
  type OptionKind,
  oneOf,
  optional,
  text,
  toggle,
  words,
} from "../../options/kinds.ts";
import { option } from "../../options/option.ts";
import type { OptionsOf } from "../../options/table.ts";
import { TOY_DATA } from "../toy-data.ts";
import { DIRECTIONS, PAIR_LAYOUTS } from "./domains/scheme-data.ts";

const CHANNELS: OptionKind<1 | 3> = {
  expects: "one of 1, 3",
  choices: ["1", "3"],
  schema: ({ z }) => z.union([z.literal([1, 3]), z.enum(["1", "3"]).transform((n) => (n === "1" ? 1 : 3))]),
};

/** Of models of more than one domain, or of more than images. Left out of `run.json` where nobody gave them. */
const DOMAIN_ROWS = {
  dataB: option({
    group: "Data",
    kind: optional(text("data of the second domain")),
    value: "DATA",
    default: undefined,
    defaultText: "in the folders of --data",
    summary: "second domain of a model that translates images, where it is not in --data",
  }),
  pairs: option({
    group: "Data",
    kind: optional(oneOf(PAIR_LAYOUTS)),
    value: "LAYOUT",
    default: undefined,
    defaultText: "found out from the folder",
    summary: "how two domains lie: halves of one image, two folders with the same names, or unpaired",
  }),
  direction: option({
    group: "Data",
    kind: optional(oneOf(DIRECTIONS)),
    value: "DIRECTION",
    default: undefined,
    defaultText: "a-to-b",
    summary: "which domain is translated into the other; a is the left half or the first folder",
  }),
  loadSize: option({
    group: "Data",
    kind: optional(integer(4, 2048)),
    value: "N",
    default: undefined,
    defaultText: "the model's, else the image size",
    summary: "shorter side that training images have before a random part of the image size is cut out",
  }),
  flip: option({
    group: "Data",
    kind: optional(toggle()),
    default: undefined,
    defaultText: "the model's",
    summary: "mirror half of the training images; both images of a pair, or neither",
  }),
  attributes: option({
    group: "Data",
    kind: optional(text("a file of attributes")),
    value: "FILE",
    default: undefined,
    defaultText:
      "list_attr*.txt in the folder of --data, else its only .txt or .csv file, else class folders",
    summary: "attributes of the images: CelebA's list, or CSV with a header",
  }),
  selected: option({
    group: "Data",
    kind: optional(words("names of attributes, separated by commas or spaces")),
    value: "NAME",
    repeats: "words",
    default: undefined,
    defaultText: "the model's, else all of the file",
    summary: "attributes that a model learns to change",
  }),
  scale: option({
    group: "Data",
    kind: optional(integer(2, 16)),
    value: "N",
    default: undefined,
    defaultText: "the model's",
    summary: "how many times larger a super-resolution model makes images; it divides the image size",
  }),
} as const;

/** Of sets of points. Left out of `run.json` where nobody gave it. */
const POINT_ROWS = {
  pointDeviation: option({
    group: "Data",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "the median distance of a point to its nearest neighbour",
    summary:
      "standard deviation of the normal noise around each point of points:FILE; 0 for the points alone",
  }),
} as const;

export const TRAINING_DATA_TABLE = {
  data: option({
    group: "Data",
    kind: text("data to train on"),
    value: "DATA",
    default: "digits",
    defaultText: "digits (drawn, built in)",
    summary: `what to train on: digits, a toy (${Object.keys(TOY_DATA).join(", ")}), points:FILE (CSV or npy, one or two columns), stacked-digits, or images: folder, zip, tar shards, IDX, CIFAR or npz`,
  }),
  imgSize: option({
    group: "Data",
    kind: nullable(integer(4, 1024)),
    value: "N",
    default: null,
    defaultText: "the model's, else the images' own",
    summary: "side length that images are resized to",
  }),
  channels: option({
    group: "Data",
    kind: nullable(CHANNELS),
    value: "N",
    default: null,
    defaultText: "1 if all images are grey, else 3",
    summary: "1: grey, 3: color",
  }),
  split: option({ ...READING_ROWS.split, kind: nullable(oneOf(["train", "test", "all"])), default: null }),
  limit: option({ ...READING_ROWS.limit, kind: nullable(integer(1)), default: null }),
  onError: READING_ROWS.onError,
  imageKey: READING_ROWS.imageKey,
  ...DOMAIN_ROWS,
  ...POINT_ROWS,
} as const;

/** The image size by another name; `run.json` has it as `imgSize`. */
export const CROP = option({
  group: "Data",
  kind: optional(integer(4, 1024)),
  value: "N",
  aliases: ["crop-size"],
  fixed: true,
  default: undefined,
  defaultText: "the image size",
  summary:
    "side of the random part that is cut out of training images of --load-size: the same as --img-size N; held-out images are brought to it whole",
});

/** How much of it is held in memory; it decides nothing about the run. */
export const MEMORY = option({
  group: "Data",
  kind: optional(number(0)),
  value: "GIB",
  default: undefined,
  defaultText: "8",
  summary:
    "GiB that the training images may take in memory, as bytes; more are read from disk while a model of several networks trains, and refused by others",
});

/** What data a run is trained on; null where the data or the model decide. */
export type DataConfig = OptionsOf<typeof TRAINING_DATA_TABLE>;
