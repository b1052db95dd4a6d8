/** One CSV file of a run, whose first column is the round: rows are added at its end, or cut from there. */
import { type FileHandle, open, rm } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";
import { cannotWrite, writeFileAtomically } from "../files/atomic-file.ts";
import { rowsToText, rowToCells, scanRows, toCellText } from "./csv-rows.ts";

export type Cell = number | string;
/** What stands behind the round, by column. */
export type Row = Iterable<readonly [column: string, cell: Cell]>;

/** Rows that are held back at most. */
const MOST_PENDING = 4096;

/** The round that a row begins with; NaN for what is no row of ours. */
export const rowToRound = (row: string): number => {
  const digits = /^\d+(?=,|$)/.exec(row);
  return digits ? Number(digits[0]) : Number.NaN;
};

/** What a file holds, in columns behind the round. */
interface Content {
  readonly columns: readonly string[];
  /** Of the last row. */
  readonly round: number;
}

const EMPTY: Content = { columns: [], round: -1 };

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

export class TableFile {
  readonly location: string;
  private content: Content | undefined;
  private pending: { readonly round: number; readonly cells: ReadonlyMap<string, Cell> }[] = [];
  /** Whether the disk may not have all of it yet. */
  private isUnsynced = false;

  constructor(location: string) {
    this.location = location;
  }

  /**
   * Takes all rows of a round; they may be held back until `flush`. Columns that are new are put behind the others.
   * @throws GanEvalError `internal.run-order` for a round that is not after the last
   */
  async add(round: number, rows: readonly Row[]): Promise<void> {
    const last = this.pending.at(-1)?.round ?? (await this.open()).round;
    if (round <= last)
      throw new GanEvalError(
        "internal.run-order",
        `internal: expected a round after ${last} for ${this.location}, got ${round}`,
      );
    for (const row of rows)
      this.pending.push({ round, cells: new Map([...row].map(([name, cell]) => [toCellText(name), cell])) });
    if (this.pending.length >= MOST_PENDING) await this.flush();
  }

  /** Writes the rows held back; `durable`: survives a power cut too. @throws GanEvalError `input.cannot-write` */
  async flush(durable = false): Promise<void> {
    const { pending } = this;
    if (pending.length > 0) {
      const { columns } = await this.open();
      const names = new Set(columns);
      for (const { cells } of pending) for (const name of cells.keys()) names.add(name);
      const all = [...names];
      const rows = pending.map(({ round, cells }) => [round, ...all.map((name) => cells.get(name) ?? "")]);
      if (all.length === columns.length && columns.length > 0) await this.append(await rowsToText(rows));
      else await this.rewrite(columns, all, rows);
      this.content = { columns: all, round: pending.at(-1)!.round };
      this.pending = [];
      this.isUnsynced = true;
    }
    if (durable && this.isUnsynced) {
      await this.change((file) => file.sync());
      this.isUnsynced = false;
    }
  }

  /**
   * Drops the rows after a round, and columns that only they had: the file is as if they had never been written. What
   * is no whole row of ours is dropped too, with all that follows it.
   */
  async rewindTo(round: number): Promise<void> {
    this.pending = [];
    let heading: string[] | undefined;
    let last = -1;
    const used = new Set<string>();
    let unused: readonly (readonly [name: string, at: number])[] = [];
    const take = (row: string): boolean => {
      if (heading === undefined) {
        heading = rowToCells(row).slice(1);
        unused = heading.map((name, i) => [name, i + 1]);
        return true;
      }
      const found = rowToRound(row);
      if (!(found <= round)) return false;
      last = found;
      if (unused.length > 0) {
        const cells = rowToCells(row);
        for (const [name, at] of unused) if (cells[at]) used.add(name);
        unused = unused.filter(([name]) => !used.has(name));
      }
      return true;
    };
    try {
      const isEmpty = await this.change(async (file) => {
        const end = await scanRows(file, take);
        if (end < (await file.stat()).size) await file.truncate(end);
        return last === -1;
      });
      this.content = { columns: heading ?? [], round: last };
      if (isEmpty) {
        await rm(this.location, { force: true });
        this.content = EMPTY;
      } else if (unused.length > 0) {
        const columns = heading!.filter((name) => used.has(name));
        await this.rewrite(heading!, columns, []);
        this.content = { columns, round: last };
      }
    } catch (error) {
      if (!isMissing((error as Error).cause)) throw error;
      this.content = EMPTY;
    }
  }

  /** What the file holds, once it ends with a whole row. */
  private async open(): Promise<Content> {
    if (this.content === undefined) await this.rewindTo(Number.POSITIVE_INFINITY);
    return this.content!;
  }

  private async change<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    try {
      const file = await open(this.location, "r+");
      try {
        return await work(file);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw cannotWrite(this.location, cause);
    }
  }

  private append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    return this.change(async (file) => {
      const { size } = await file.stat();
      try {
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, size + done)).bytesWritten;
      } catch (cause) {
        // A part of a row at the end would become the beginning of the next one.
        await file.truncate(size).catch(() => {});
        throw cause;
      }
    });
  }

  /** Writes the file anew under other columns, with more rows. */
  private async rewrite(from: readonly string[], to: readonly string[], more: Cell[][]): Promise<void> {
    const places = to.map((name) => from.indexOf(name) + 1);
    const rows: Cell[][] = [["round", ...to]];
    if (from.length > 0)
      await this.change((file) =>
        scanRows(file, (row) => {
          const cells = rowToCells(row);
          // The heading alone begins with no round.
          if (!Number.isNaN(rowToRound(row)))
            rows.push([cells[0], ...places.map((at) => (at === 0 ? "" : (cells[at] ?? "")))]);
          return true;
        }),
      );
    await writeFileAtomically(this.location, [Buffer.from(await rowsToText([...rows, ...more]))]);
  }
}
