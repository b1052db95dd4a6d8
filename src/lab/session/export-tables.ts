/** Points and curves of a pane as CSV. */
import type { RowLog } from "./row-log.ts";
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
  const parts = path.flatMap(({ id, from }, i) => {
    const log = logs.get(id);
    return log ? [{ columns: log.columns, rows: log.between(from, path[i + 1]?.from ?? round) }] : [];
  });
  const columns = [...new Set(parts.flatMap((part) => part.columns))];
  const lines = parts.flatMap((part) => {
    const places = columns.map((name) => part.columns.indexOf(name));
    return part.rows.map(({ round: of, values }) =>
      [of, ...places.map((place) => (place < 0 ? "" : toText(values[place])))].join(","),
    );
  });
  return `${[["round", ...columns].join(","), ...lines].join("\n")}\n`;
}
