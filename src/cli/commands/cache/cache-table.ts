/** Entries of the feature cache as rows and as JSON. */
import type { CacheEntry } from "../../../evaluate/feature-cache/list-entries.ts";
import { bytesToText, countToText } from "../../../reports/quantities.ts";
import type { Table } from "../../../reports/table.ts";

/** For reading: what is not whole says so behind the images; `?` where the record cannot be read. */
export function entriesToShortTable(entries: readonly CacheEntry[]): Table {
  return {
    columns: [
      { key: "extractor", title: "extractor" },
      { key: "end", title: "end" },
      { key: "rows", title: "rows", align: "right" },
      { key: "size", title: "size", align: "right" },
      { key: "used", title: "last used" },
      { key: "pictures", title: "images" },
    ],
    rows: entries.map(({ record, state, bytes, lastUsed }) => ({
      extractor: record?.identity.extractor ?? "?",
      end: record?.identity.end ?? "?",
      rows: record ? countToText(record.rows) : "?",
      size: bytesToText(bytes),
      used: lastUsed.slice(0, 10),
      pictures: `${record?.location ?? "?"}${state === "whole" ? "" : ` (${state})`}`,
    })),
  };
}

/** For other programs: exact values. */
export function entriesToTable(entries: readonly CacheEntry[]): Table {
  const keys = ["extractor", "end", "rows", "width", "bytes", "last_used", "state", "pictures"];
  return {
    columns: keys.map((key) => ({ key, title: key.replace("_", " ") })),
    rows: entries.map(({ record, state, bytes, lastUsed }) => ({
      extractor: record?.identity.extractor ?? null,
      end: record?.identity.end ?? null,
      rows: record?.rows ?? null,
      width: record?.width ?? null,
      bytes,
      last_used: lastUsed,
      state,
      pictures: record?.location ?? null,
    })),
  };
}

/** All that decides the features, and what the tables have. */
export function entryToJson({ key, state, folder, bytes, lastUsed, record }: CacheEntry) {
  const { identity, location, rows, width, threads, created, ganEval } = record ?? {};
  return {
    key,
    state,
    folder,
    bytes,
    lastUsed,
    ...(record && { location, ...identity, rows, width, threads, created, ganEval }),
  };
}
