/** What a report is written to. */
import { fileOf, optional, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const REPORT_OPTIONS = {
  reportOut: option({
    group: "Output",
    kind: optional(fileOf(".html", ".htm")),
    value: "FILE",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "the page: one file that needs no network",
  }),
  reportPng: option({
    group: "Output",
    kind: optional(text("a folder")),
    value: "DIR",
    flag: "png",
    default: undefined,
    defaultText: "none",
    summary: "also write every chart, and the last samples, as PNG into this folder",
  }),
  reportMd: option({
    group: "Output",
    kind: optional(fileOf(".md")),
    value: "FILE",
    flag: "md",
    default: undefined,
    defaultText: "none",
    summary: "also write a summary in Markdown, with the PNG files if there are any",
  }),
} as const;
