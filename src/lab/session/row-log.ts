/** Recorded rounds of a span: all at first, and every second again and again where they become many. */
import type { PaneSpan } from "./span.ts";

export interface Row {
  readonly round: number;
  /** By the log's columns. */
  readonly values: Float32Array;
}

const MOST = 8192;

export class RowLog {
  columns: readonly string[] = [];
  private rows: Row[] = [];
  private stride = 1;

  add(round: number, scalars: Readonly<Record<string, number>>): Row {
    if (this.columns.length === 0) this.columns = Object.keys(scalars);
    const row = { round, values: Float32Array.from(this.columns, (name) => scalars[name] ?? Number.NaN) };
    const last = this.rows.at(-1)?.round ?? 0;
    if (round > last && round % this.stride === 0) this.rows.push(row);
    if (this.rows.length > MOST) {
      this.stride *= 2;
      this.rows = this.rows.filter((kept) => kept.round % this.stride === 0);
    }
    return row;
  }

  /** Those after one round and up to another. */
  between(from: number, to: number): readonly Row[] {
    return this.rows.filter(({ round }) => round > from && round <= to);
  }
}

/** Rows on a path up to a round, in the columns of all of its spans: NaN where a span does not record one. */
export function logsToRows(
  path: readonly PaneSpan[],
  logs: ReadonlyMap<number, RowLog>,
  round: number,
): { readonly columns: readonly string[]; readonly rows: readonly Row[] } {
  const parts = path.flatMap(({ id, from }, i) => {
    const log = logs.get(id);
    return log ? [{ columns: log.columns, rows: log.between(from, path[i + 1]?.from ?? round) }] : [];
  });
  const columns = [...new Set(parts.flatMap((part) => part.columns))];
  const rows = parts.flatMap((part) => {
    const places = columns.map((name) => part.columns.indexOf(name));
    return part.rows.map(({ round: of, values }) => ({
      round: of,
      values: Float32Array.from(places, (place) => (place < 0 ? Number.NaN : values[place])),
    }));
  });
  return { columns, rows };
}
