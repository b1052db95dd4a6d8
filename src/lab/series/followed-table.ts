/** A table of a run that may be growing: read from where it was read to, and kept. */
import { type FileHandle, open } from "node:fs/promises";
import { rowToCells, scanRows } from "../../run-folder/csv-rows.ts";
import type { Table } from "../../run-folder/read-table.ts";
import { rowToRound } from "../../run-folder/table-file.ts";
import { GrowingColumns } from "./growing-columns.ts";

/** Bytes before the place that was read to: where they are others, the file is another. */
const MARK = 256;

/** Rows of one network and layer, or all rows of a table that has none. */
export interface FollowedGroup {
  readonly key: readonly string[];
  readonly columns: GrowingColumns;
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

const cellToNumber = (cell: string): number => (cell === "" ? Number.NaN : Number(cell));

export class FollowedTable {
  private readonly location: string;
  /** Columns of text, by which rows are told apart. */
  private readonly text: readonly string[];
  private names: readonly string[] = [];
  private isText: readonly boolean[] = [];
  private readonly groups = new Map<string, FollowedGroup>();
  private end = 0;
  private inode = 0;
  private mark: Buffer = Buffer.alloc(0);
  private lastRound = -1;
  /** Rows that do not fit the heading. */
  unfit = 0;
  /** Counts each time that something was read. */
  version = 0;

  constructor(location: string, text: readonly string[] = []) {
    this.location = location;
    this.text = text;
  }

  /** Reads what is new; everything where the file is another, was cut, or its rounds went back. */
  async read(): Promise<void> {
    const file = await open(this.location, "r").catch(() => undefined);
    if (file === undefined) {
      if (this.end > 0) this.forget();
      return;
    }
    try {
      const { ino, size } = await file.stat();
      if (ino !== this.inode || size < this.end || !(await this.isContinued(file))) this.forget();
      this.inode = ino;
      if (size > this.end) await this.readOn(file);
    } finally {
      await file.close();
    }
  }

  private forget(): void {
    this.groups.clear();
    this.names = [];
    this.end = 0;
    this.mark = Buffer.alloc(0);
    this.lastRound = -1;
    this.unfit = 0;
    this.version++;
  }

  private async isContinued(file: FileHandle): Promise<boolean> {
    const { mark, end } = this;
    return mark.length === 0 || mark.equals(await readAt(file, end - mark.length, mark.length));
  }

  private async readOn(file: FileHandle): Promise<void> {
    const before = this.end;
    let wentBack = false;
    const take = (row: string): boolean => {
      if (this.names.length === 0) this.takeHeading(row);
      else if (rowToRound(row) < this.lastRound) {
        // Of a file that is read from its beginning it is a row that does not fit.
        wentBack = before > 0;
        this.unfit++;
      } else this.takeRow(row);
      return !wentBack;
    };
    this.end = await scanRows(file, take, this.end);
    if (wentBack) {
      this.forget();
      return this.readOn(file);
    }
    if (this.end === before) return;
    const length = Math.min(MARK, this.end);
    this.mark = await readAt(file, this.end - length, length);
    this.version++;
  }

  private takeHeading(row: string): void {
    this.names = rowToCells(row);
    this.isText = this.names.map((name) => this.text.includes(name));
  }

  private takeRow(row: string): void {
    const { names, isText } = this;
    const cells = rowToCells(row);
    const round = rowToRound(row);
    const values = cells.map((cell, i) => (isText[i] ? Number.NaN : cellToNumber(cell)));
    const isBad = values.some((value, i) => Number.isNaN(value) && !isText[i] && !/^(NaN)?$/.test(cells[i]));
    if (cells.length !== names.length || Number.isNaN(round) || isBad) {
      this.unfit++;
      return;
    }
    this.lastRound = round;
    const key = this.text.length === 0 ? [] : cells.filter((_, i) => isText[i]);
    const id = key.join(",");
    let group = this.groups.get(id);
    if (group === undefined) {
      group = { key, columns: new GrowingColumns(names) };
      this.groups.set(id, group);
    }
    group.columns.push(values);
  }

  /** By network and layer, in the order in which they came. */
  get all(): readonly FollowedGroup[] {
    return [...this.groups.values()];
  }

  /** As of the last reading, without a copy. */
  toTable(): Table {
    const [group] = this.groups.values();
    return group === undefined ? this.toEmpty() : columnsToTable(group.columns);
  }

  private toEmpty(): Table {
    return {
      rounds: new Float64Array(0),
      columns: new Map(this.names.slice(1).map((name) => [name, new Float64Array(0)])),
    };
  }
}

export const columnsToTable = (columns: GrowingColumns): Table => ({
  rounds: columns.view(0),
  columns: new Map(columns.names.slice(1).map((name, i) => [name, columns.view(i + 1)])),
});
