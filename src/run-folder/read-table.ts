/** CSV files of a run, read whole: for reports, comparison and diagnosis. */
import { open } from "node:fs/promises";
import path from "node:path";
import { GanEvalError, type Warning } from "../errors.ts";
import { rowToCells, scanRows } from "./csv-rows.ts";
import { rowToRound } from "./table-file.ts";
import { LAYER_COLUMNS } from "./tables.ts";

/** Rows as columns, all of one length. */
export interface Table {
  readonly rounds: Float64Array;
  /** By name; NaN where a row has no value. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** One layer over the rounds: columns `gradient_norm`, `weight_norm`, `update_ratio`, `zero_gradients`. */
export interface LayerTable extends Table {
  /** The network: `generator`, `a-to-b`. */
  readonly player: string;
  readonly layer: string;
}

/** Rows that have the same text in the columns of text. */
interface Group {
  readonly cells: readonly string[];
  /** Numbers by column; none for columns of text. */
  readonly numbers: readonly number[][];
}

interface Groups {
  readonly heading: readonly string[];
  readonly groups: readonly Group[];
}

/** Undefined for what is no number; `NaN` is one: a loss may be that. */
function cellToNumber(cell: string): number | undefined {
  if (cell === "") return Number.NaN;
  const number = Number(cell);
  return Number.isNaN(number) && cell !== "NaN" ? undefined : number;
}

/** Rows of a file as far as they are whole, without those that do not fit the heading; none where there is no file. */
async function readGroups(location: string, text: readonly string[], warnings: Warning[]): Promise<Groups> {
  let heading: string[] | undefined;
  let textAt: number[] = [];
  const groups = new Map<string, Group>();
  let unfit = 0;
  const takeRow = (row: string, width: number): boolean => {
    const cells = rowToCells(row);
    if (cells.length !== width || Number.isNaN(rowToRound(row))) return false;
    const numbers = cells.map((cell, i) => (textAt.includes(i) ? Number.NaN : cellToNumber(cell)));
    if (numbers.includes(undefined)) return false;
    const name = textAt.map((at) => cells[at]).join(",");
    let group = groups.get(name);
    if (!group) {
      group = { cells, numbers: cells.map(() => []) };
      groups.set(name, group);
    }
    for (let i = 0; i < width; i++) group.numbers[i].push(numbers[i]!);
    return true;
  };
  const take = (row: string): boolean => {
    if (heading === undefined) {
      heading = rowToCells(row);
      textAt = text.map((name) => heading!.indexOf(name));
    } else if (!takeRow(row, heading.length)) unfit++;
    return true;
  };
  const left = await scanFile(location, take);
  const name = path.basename(location);
  if (left > 0)
    warnings.push({
      code: "cut-table",
      message: `${name}: the last ${left} bytes are not a complete row and were skipped`,
      hint: "The run was killed, or is still writing; it repairs the file when it continues.",
    });
  if (unfit > 0)
    warnings.push({
      code: "unfit-rows",
      message: `${name}: ${unfit} ${unfit === 1 ? "row does" : "rows do"} not fit the heading and were skipped`,
    });
  return { heading: heading ?? [], groups: [...groups.values()] };
}

/** @returns how many bytes behind the last whole row there are; 0 where there is no file */
async function scanFile(location: string, take: (row: string) => boolean): Promise<number> {
  try {
    const file = await open(location, "r");
    try {
      const end = await scanRows(file, take);
      return (await file.stat()).size - end;
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return 0;
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${message}`, {
      hint: "Check its permissions.",
      cause,
    });
  }
}

/** A table of numbers; warnings about what could not be read are added to `warnings`. */
export async function readTable(location: string, warnings: Warning[]): Promise<Table> {
  const { heading, groups } = await readGroups(location, [], warnings);
  const [rounds, ...columns] = heading.map((_, i) => Float64Array.from(groups[0]?.numbers[i] ?? []));
  return {
    rounds: rounds ?? new Float64Array(0),
    columns: new Map(columns.map((values, i) => [heading[i + 1], values])),
  };
}

/** `layers.csv` by layers, in the order in which they stand there. */
export async function readLayers(location: string, warnings: Warning[]): Promise<LayerTable[]> {
  const [player, layer, ...norms] = LAYER_COLUMNS;
  const { heading, groups } = await readGroups(location, [player, layer], warnings);
  return groups.map(({ cells, numbers }) => ({
    player: cells[heading.indexOf(player)],
    layer: cells[heading.indexOf(layer)],
    rounds: Float64Array.from(numbers[0]),
    columns: new Map(norms.map((name) => [name, Float64Array.from(numbers[heading.indexOf(name)] ?? [])])),
  }));
}
