/** The CSV files of a run: what stands in them. */
import path from "node:path";
import type { RoundRecord } from "../train/round-record.ts";
import { type Row, TableFile } from "./table-file.ts";

/**
 * - `losses.csv`: one row a recorded round: `epoch`, then the round's scalars.
 * - `layers.csv`: one row a layer of a recorded round.
 * - `scores.csv`: one row an evaluation; metrics that come later get columns of their own.
 * - `intervals.csv`: one row an evaluation with `--eval-ci`: the standard error of each score, as fresh images would vary it,
 *   and behind it (`KEY reference share`) the share of its square that is of the real images.
 * - `signals.csv`: one row an evaluation: what the samples say of the generator's health (`runs/signals/sample-signals.ts`).
 * - `timing.csv`: the clock's part, kept apart so that the others are the same bytes on every machine and day.
 */
export const TABLES = ["losses", "layers", "scores", "intervals", "signals", "timing"] as const;
export type TableName = (typeof TABLES)[number];

export const tableLocation = (folder: string, name: TableName): string => path.join(folder, `${name}.csv`);

/** The columns of `layers.csv` behind the round. */
export const LAYER_COLUMNS = [
  "player",
  "layer",
  "gradient_norm",
  "weight_norm",
  "update_ratio",
  "zero_gradients",
] as const;

export const openTables = (folder: string): Readonly<Record<TableName, TableFile>> =>
  Object.fromEntries(TABLES.map((name) => [name, new TableFile(tableLocation(folder, name))])) as Record<
    TableName,
    TableFile
  >;

export const recordToLosses = ({ scalars }: RoundRecord, epoch: number): Row => [
  ["epoch", epoch],
  ...Object.entries(scalars),
];

export const recordToLayers = ({ layers }: RoundRecord): Row[] =>
  Object.entries(layers).flatMap(([network, own]) =>
    own.map(({ layer, gradient, weight, ratio, zeros }) => {
      const cells = [network, layer, gradient, weight, ratio, ...(zeros === undefined ? [] : [zeros])];
      return cells.map((cell, i) => [LAYER_COLUMNS[i], cell] as const);
    }),
  );

/** How sure a score is: what sampling alone varies, and how much of that is of the real images. */
export interface ScoreError {
  readonly standardError: number;
  readonly referenceShare: number;
}

const toShareColumn = (key: string): string => `${key} reference share`;

/** A row of `intervals.csv`. */
export const errorsToRow = (errors: Readonly<Record<string, ScoreError>>): Row =>
  Object.entries(errors).flatMap(([key, { standardError, referenceShare }]) => [
    [key, standardError],
    [toShareColumn(key), referenceShare],
  ]);

/** Of one score at a round; undefined where it was not measured. */
export function tableToError(
  { rounds, columns }: { readonly rounds: Float64Array; readonly columns: ReadonlyMap<string, Float64Array> },
  key: string,
  round: number,
): ScoreError | undefined {
  const at = rounds.indexOf(round);
  const standardError = columns.get(key)?.[at] ?? Number.NaN;
  const referenceShare = columns.get(toShareColumn(key))?.[at] ?? Number.NaN;
  return Number.isFinite(standardError) && Number.isFinite(referenceShare)
    ? { standardError, referenceShare }
    : undefined;
}
