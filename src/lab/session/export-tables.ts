/** Points and curves of a pane as CSV. */
import { logsToRows, type RowLog } from "./row-log.ts";
import type { PaneSpan } from "./span.ts";

const toText = (value: number): string => (Number.isNaN(value) ? "NaN" : String(value));

/** `x,y`, or `x` of numbers; row-major `[n, d]`. */
export function pointsToCsv(points: Float32Array, d: number): string {
  const lines = [["x", "y"].slice(0, d).join(",")];
  for (let at = 0; at < points.length; at += d) lines.push(points.subarray(at, at + d).join(","));
  return `${lines.join("\n")}\n`;
}

/** Recorded rounds on a path up to a round, by the names of losses.csv; of long runs some of them. */
export function logsToCsv(
  path: readonly PaneSpan[],
  logs: ReadonlyMap<number, RowLog>,
  round: number,
): string {
  const { columns, rows } = logsToRows(path, logs, round);
  const lines = rows.map(({ round: of, values }) => [of, ...Array.from(values, toText)].join(","));
  return `${[["round", ...columns].join(","), ...lines].join("\n")}\n`;
}
