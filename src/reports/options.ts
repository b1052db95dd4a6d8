/** What a report is written to. */
import { fileOf, optional, text } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const REPORT_OPTIONS = {
  reportOut: option({
    group: "Output",
    kind: optional(fileOf(".html", ".htm")),
    value: "FILE",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "page to write: one self-contained file",
  }),
  reportPng: option({
    group: "Output",
    kind: optional(text("a folder")),
    value: "DIR",
    flag: "png",
    default: undefined,
    defaultText: "none",
    summary: "also write every chart and the last samples as PNG into this folder",
  }),
  reportMd: option({
    group: "Output",
    kind: optional(fileOf(".md")),
    value: "FILE",
    flag: "md",
    default: undefined,
    defaultText: "none",
    summary: "also write a Markdown summary, with the PNG files if there are any",
  }),
} as const;
