/** Options of what is trained on. */
import { READING_ROWS } from "../../images/reading-options.ts";
import { integer, nullable, type OptionKind, oneOf, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";
import type { OptionsOf } from "../../options/table.ts";
import { TOY_DATA } from "../toy-data.ts";

const CHANNELS: OptionKind<1 | 3> = {
  expects: "one of 1, 3",
  choices: ["1", "3"],
  schema: ({ z }) => z.union([z.literal([1, 3]), z.enum(["1", "3"]).transform((n) => (n === "1" ? 1 : 3))]),
};

export const TRAINING_DATA_TABLE = {
  data: option({
    group: "Data",
    kind: text("data to train on"),
    value: "DATA",
    default: "digits",
    defaultText: "digits (drawn, built in)",
    summary: `what to train on: digits, a toy (${Object.keys(TOY_DATA).join(", ")}), stacked-digits, or images: folder, zip, IDX, CIFAR or npz`,
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
} as const;

/** What data a run is trained on; null where the data or the model decide. */
export type DataConfig = OptionsOf<typeof TRAINING_DATA_TABLE>;
