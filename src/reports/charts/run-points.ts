/** What charts whose points are runs have in common. */
import type { ComparisonRow } from "../../compare/comparison.ts";
import type { Point } from "../../drawing/thin-points.ts";
import { textToVisible } from "../page.ts";
import type { Dataset } from "./chart.ts";

const TOP_ROOM = 1.12;

/** Where failures stand: above all values, on a scale that may be logarithmic. */
export function valuesToTop(values: readonly number[], isLog: boolean): number {
  if (values.length === 0) return 1;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (isLog) return high * Math.max(1.3, (high / low) ** 0.12);
  return high + Math.max(Math.abs(high) * (TOP_ROOM - 1), (high - low) * 0.12) || 1;
}

export const rowName = ({ name }: ComparisonRow): string => textToVisible(name);

/** Values that span more than a decade, or so many times the least, are read on a logarithmic axis. */
export const spansDecades = (values: readonly number[], times = 10): boolean =>
  Math.min(...values) > 0 && Math.max(...values) > times * Math.min(...values);

/** Runs without a value as crosses at the top edge, whichever end is better: they are never left out. */
export const failuresToDataset = (
  failed: readonly { readonly row: ComparisonRow; readonly x: number }[],
  top: number,
): Dataset => ({
  label: `diverged or failed (${failed.length})`,
  data: failed.map(({ x }): Point => [x, top]),
  names: failed.map(({ row }) => `${rowName(row)}, ${row.status}`),
  failed: true,
  pointStyle: "crossRot",
  pointRadius: 6,
  pointBorderWidth: 2.5,
  borderColor: "$failure",
  backgroundColor: "$failure",
  clip: false,
});
