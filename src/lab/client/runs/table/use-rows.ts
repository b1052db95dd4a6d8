/** Which rows the table shows: of which folder, found by the filter, sorted. */
import { useMemo } from "preact/hooks";
import type { LiveStore } from "../live-store.ts";
import { textToFilter } from "./filter.ts";
import { COLUMNS, isSweep, type Row, rowsToMoreColumns, type Sort, sortRows } from "./run-columns.ts";

export interface Choice {
  readonly text: string;
  readonly status: string;
  readonly sort: Sort;
  /** Ids. */
  readonly hidden: ReadonlySet<string>;
  readonly showsHidden: boolean;
  /** The sweep whose runs are shown; undefined: sweeps, and runs that belong to none. */
  readonly sweep: string | undefined;
}

const hasStatus = (row: Row, status: string): boolean =>
  isSweep(row) ? (row.counts[status as keyof typeof row.counts] ?? 0) > 0 : row.status === status;

function toCandidates({ runs, sweeps }: LiveStore, { sweep, text }: Choice): Row[] {
  const all = [...runs.values()];
  if (sweep !== undefined) return all.filter((run) => run.sweep === sweep);
  // A filter finds runs inside sweeps as well.
  const shown = text.trim() === "" ? all.filter((run) => run.sweep === undefined) : all;
  return [...sweeps.values(), ...shown];
}

export function useRows(store: LiveStore, choice: Choice) {
  const { text, status, sort, hidden, showsHidden, sweep } = choice;
  const candidates = toCandidates(store, choice);
  const filter = textToFilter(text, candidates);
  const visible = candidates.filter(({ id }) => showsHidden || !hidden.has(id));
  const fitting = visible.filter((row) => (status === "" || hasStatus(row, status)) && filter.fits(row));
  const more = rowsToMoreColumns(fitting);
  const names = more.map(({ id }) => id).join();
  const columns = useMemo(() => [...COLUMNS, ...more], [names, sweep]);
  return {
    columns,
    all: visible.length,
    hiddenCount: candidates.filter(({ id }) => hidden.has(id)).length,
    unknown: filter.unknown,
    rows: sortRows(fitting, sort, columns),
  };
}
