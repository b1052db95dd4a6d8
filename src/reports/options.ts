/** Where a report, and what is written beside a result, goes. */
import { fileOf, optional, text } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const REPORT_ROWS = {
  out: option({
    group: "Output",
    kind: optional(fileOf(".html", ".htm")),
    value: "FILE",
    short: "o",
    default: undefined,
    summary: "page to write: one self-contained file",
  }),
  png: option({
    group: "Output",
    kind: optional(text("a folder")),
    value: "DIR",
    default: undefined,
    defaultText: "none",
    summary: "also write every chart and the last samples as PNG into this folder",
  }),
  markdown: option({
    group: "Output",
    kind: optional(fileOf(".md")),
    value: "FILE",
    flag: "md",
    default: undefined,
    defaultText: "none",
    summary: "also write a Markdown summary, with the PNG files if there are any",
  }),
} as const;

/** Values of single images beside a result. */
export const PER_IMAGE_ROWS = {
  perImage: option({
    group: "Measurement",
    kind: optional(fileOf(".csv")),
    value: "FILE.csv",
    aliases: ["per-picture"],
    formerly: "perPicture",
    default: undefined,
    summary: "write per-image values (realism, authenticity, paired scores) of the fake images to a CSV file",
  }),
} as const;
