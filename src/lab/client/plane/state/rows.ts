/** Recorded rounds of a pane, as columns that grow. Long runs are thinned, and no extreme is lost. */

/** Beyond this they are halved. */
const MOST_ROWS = 16_384;

export interface Rows {
  readonly rounds: readonly number[];
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

export const NO_ROWS: Rows = { rounds: [], columns: new Map() };

/** Four rounds become two, each column's least and greatest of the four in their order. */
function thin(values: readonly number[], until: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < until; i += 4) {
    let least = i;
    let greatest = i;
    for (let k = i + 1; k < i + 4; k++) {
      if (!(values[k] >= values[least])) least = k;
      if (!(values[k] <= values[greatest])) greatest = k;
    }
    kept.push(values[Math.min(least, greatest)], values[Math.max(least, greatest)]);
  }
  return [...kept, ...values.slice(until)];
}

const thinRounds = (rounds: readonly number[], until: number): number[] =>
  rounds.filter((_, i) => i >= until || i % 2 === 0);

/** Rows of a message: one array a round, in the order of `columns`; null, as JSON has it, is not a number. */
export interface NewRows {
  readonly from: number;
  readonly columns: readonly string[];
  readonly rounds: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** In place, for what comes many times a second: who holds the older state sees the newer rows. */
function extend(
  rows: Rows,
  columns: NewRows["columns"],
  rounds: NewRows["rounds"],
  values: NewRows["values"],
): Rows {
  (rows.rounds as number[]).push(...rounds);
  for (const [place, name] of columns.entries()) {
    const column = rows.columns.get(name) as number[];
    for (const row of values) column.push(row[place] ?? Number.NaN);
  }
  return { ...rows };
}

/** @param from rows from this round on are replaced */
export function appendRows(rows: Rows, { from, columns, rounds, values }: NewRows): Rows {
  let kept = rows.rounds.length;
  while (kept > 0 && rows.rounds[kept - 1] >= from) kept--;
  if (
    kept === rows.rounds.length &&
    columns.length === rows.columns.size &&
    columns.every((name) => rows.columns.has(name)) &&
    kept + rounds.length <= MOST_ROWS
  )
    return extend(rows, columns, rounds, values);
  const names = new Set([...rows.columns.keys(), ...columns]);
  const missing = (n: number): number[] => new Array<number>(n).fill(Number.NaN);
  const all = [...rows.rounds.slice(0, kept), ...rounds];
  const grown = [...names].map((name): [string, number[]] => {
    const place = columns.indexOf(name);
    const old = rows.columns.get(name)?.slice(0, kept) ?? missing(kept);
    const more = place < 0 ? missing(rounds.length) : values.map((row) => row[place] ?? Number.NaN);
    return [name, [...old, ...more]];
  });
  if (all.length <= MOST_ROWS) return { rounds: all, columns: new Map(grown) };
  const until = 4 * Math.floor(all.length / 4);
  return {
    rounds: thinRounds(all, until),
    columns: new Map(grown.map(([name, column]) => [name, thin(column, until)])),
  };
}
