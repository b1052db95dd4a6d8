/** Networks that have a name, as a table. */
import type { NetworkEntry } from "../../../extractors/networks/list-networks.ts";
import { bytesToText, countToText } from "../../../reports/quantities.ts";
import type { Cell, Table } from "../../../reports/table.ts";

const toState = ({ installed, problem }: NetworkEntry): string => {
  if (problem !== undefined) return "damaged";
  return installed === undefined ? "" : "installed";
};

/** `verified` beside the networks whose file somebody has held to the hash; a row for other weights that are there too. */
const entryToRows = (entry: NetworkEntry): Readonly<Record<string, Cell>>[] => {
  const { name, title, licence, width, files, installed, verified, others } = entry;
  const bytes = installed?.bytes ?? files[0]?.bytes;
  const common = { width: width === undefined ? "" : countToText(width), licence };
  return [
    {
      name,
      state: toState(entry),
      size: bytes === undefined ? "" : bytesToText(bytes),
      ...common,
      hash: verified ? "verified" : "unverified",
      title,
    },
    ...others.map((other) => ({
      name: other.id,
      state: "installed",
      size: bytesToText(other.bytes),
      ...common,
      hash: "other weights",
      title: `from ${other.from}`,
    })),
  ];
};

export const entriesToTable = (entries: readonly NetworkEntry[]): Table => ({
  columns: [
    { key: "name", title: "network" },
    { key: "state", title: "state" },
    { key: "size", title: "size", align: "right" },
    { key: "width", title: "width", align: "right" },
    { key: "licence", title: "licence" },
    { key: "hash", title: "sha256" },
    { key: "title", title: "what it is" },
  ],
  rows: entries.flatMap(entryToRows),
});

/** The same without what each is: for eighty columns. */
export const entriesToShortTable = (entries: readonly NetworkEntry[]): Table => {
  const { columns, rows } = entriesToTable(entries);
  return { columns: columns.filter(({ key }) => key !== "title"), rows };
};

const factsToRow = (name: string, value: string) => ({ name, value });

/** All that is known of a network, a line each. */
export function entryToFacts(entry: NetworkEntry): Table {
  const { name, title, licence, width, input, files, installed, others, verified, problem } = entry;
  return {
    columns: [
      { key: "name", title: "" },
      { key: "value", title: "" },
    ],
    rows: [
      factsToRow("network", name),
      factsToRow("what it is", title),
      factsToRow("licence", licence),
      ...(width === undefined ? [] : [factsToRow("width", countToText(width))]),
      factsToRow("input", input),
      ...files.flatMap((file) => [
        factsToRow("file", `${file.name}, ${bytesToText(file.bytes)}`),
        factsToRow("from", file.url),
        factsToRow("pinned", `${file.checksum}${verified ? "" : " (unverified)"}`),
      ]),
      ...(problem === undefined ? [] : [factsToRow("damaged", problem)]),
      ...[...(installed ? [installed] : []), ...others].flatMap((facts) => [
        factsToRow("installed", `${facts.id}, ${bytesToText(facts.bytes)}, from ${facts.from}`),
        factsToRow("folder", facts.folder),
        factsToRow(
          "sha256",
          facts.confirmedBy === undefined ? facts.sha256 : `${facts.sha256}, as ${facts.confirmedBy} stated`,
        ),
      ]),
    ],
  };
}
