/** Metrics of two images at a time: what they ask of each pair, and how rows of pairs become a value. */
import type { GanEvalError } from "../errors.ts";
import type { Image } from "../images/source.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import type { Metric, Parameters, SideData, Sides, Values } from "./metric.ts";

/** Distances that a network computes, which the evaluation opens. */
export type NetworkDistance = "lpips" | "random";

/** How two images of one size become numbers. */
export interface ImageComparison {
  /** What the numbers are called. */
  readonly columns: readonly string[];
  /** The numbers in the columns' order, or the network whose distance is the one number. */
  readonly compare: ((fake: Image, real: Image) => readonly number[]) | NetworkDistance;
}

/** [rows] A column's numbers; NaN where an image of the row could not be read. */
export type Columns = Readonly<Record<string, Float64Array>>;

/** Compared images: of every metric that asked its columns, or why it has none. */
export interface ComparedImages {
  readonly rows: number;
  readonly of: Readonly<Record<string, Columns | GanEvalError>>;
}

/** The kept rows of every metric's columns. */
export function comparedOfRows({ rows, of }: ComparedImages, keep: KeepRow): ComparedImages {
  const kept = Array.from({ length: rows }, (_, row) => row).filter(keep);
  const keepIn = (columns: Columns): Columns =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, Float64Array.from(kept, (row) => column[row]!)]),
    );
  return {
    rows: kept.length,
    of: Object.fromEntries(
      Object.entries(of).map(([id, columns]) => [
        id,
        columns instanceof Error ? columns : keepIn(columns as Columns),
      ]),
    ),
  };
}

type Kind = "pairs" | "groups";

/** The rows that count, and their number. */
export type KeepRow = (row: number) => boolean;

/** The columns of a metric. @throws GanEvalError why it has none */
function sideToColumns(side: SideData, kind: Kind, id: string): Columns {
  const columns = side[kind]!.of[id]!;
  if (columns instanceof Error) throw columns;
  return columns as Columns;
}

/** The mean of the numbers of kept rows; NaN ones, of images that could not be read, are left out. */
function columnToMean(column: Float64Array, keep: KeepRow): number {
  let [sum, count] = [0, 0];
  for (const [row, value] of column.entries()) {
    if (Number.isNaN(value) || !keep(row)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

type Measuring<P extends Parameters, V extends string> = Pick<
  Metric<P, V>,
  "needs" | "compare" | "measure" | "leaveOut" | "perImage"
>;

/**
 * The fields of a metric that is a function of its rows: the value, and the same without each block of rows.
 * @param kind `pairs`: fake images with real ones; `groups`: the outputs of one input with each other
 * @param reduce the values of the kept rows
 * @param toRow one number a row, for `--per-image`
 */
export function compareImages<P extends Parameters, V extends string>(
  id: string,
  kind: Kind,
  compare: (parameters: P) => ImageComparison,
  reduce: (columns: Columns, keep: KeepRow, parameters: P) => Values<V>,
  toRow?: (columns: Columns) => Float64Array,
): Measuring<P, V> {
  const columnsOf = ({ fake }: Sides): Columns => sideToColumns(fake, kind, id);
  return {
    needs: kind === "pairs" ? { real: ["pairs"], fake: ["pairs"] } : { fake: ["groups"] },
    compare,
    measure: (sides, parameters) => reduce(columnsOf(sides), () => true, parameters),
    leaveOut: (sides, { count, ofRow }: Blocks, parameters) =>
      Array.from({ length: count }, (_, block) =>
        reduce(columnsOf(sides), (row) => ofRow[row] !== block, parameters),
      ),
    ...(toRow && { perImage: (sides: Sides) => ({ [id]: toRow(columnsOf(sides)) }) }),
  };
}

/** A distance that is one number a row: the value is their mean. */
export const compareByMean = <P extends Parameters, V extends string>(
  id: string,
  kind: Kind,
  value: V,
  compare: (parameters: P) => ImageComparison["compare"],
): Measuring<P, V> =>
  compareImages<P, V>(
    id,
    kind,
    (parameters) => ({ columns: [value], compare: compare(parameters) }),
    (columns, keep) => ({ [value]: columnToMean(columns[value]!, keep) }) as Values<V>,
    kind === "pairs" ? (columns) => columns[value]! : undefined,
  );
