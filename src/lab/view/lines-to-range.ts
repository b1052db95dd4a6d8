/** The y axis of a window: all of its values, or without the outermost; how many lie outside is counted, never hidden. */
import type { LiveChart } from "../protocol/charts.ts";
import type { PlacedLine } from "./lines-to-live.ts";

export interface Range extends Pick<LiveChart, "outside" | "notPositive"> {
  readonly min?: number;
  readonly max?: number;
}

/** Left out on either side. */
const SHARE = 0.01;
const ROOM = 0.08;

/** More are not sorted: every so many stands for those between. */
const MOST_SORTED = 50_000;

function placedToSorted(placed: readonly PlacedLine[]): Float64Array {
  const length = placed.reduce((sum, { from, to }) => sum + to - from, 0);
  const step = Math.ceil(length / MOST_SORTED);
  const all = new Float64Array(length);
  let n = 0;
  for (const { values, from, to } of placed)
    for (let i = from; i < to; i += step) if (Number.isFinite(values[i])) all[n++] = values[i];
  return all.subarray(0, n).sort();
}

export function linesToRange(placed: readonly PlacedLine[], clips: boolean): Range {
  let notPositive = 0;
  for (const { values, from, to } of placed)
    for (let i = from; i < to; i++) if (values[i] <= 0) notPositive++;
  if (!clips) return { outside: { above: 0, below: 0 }, notPositive };
  const sorted = placedToSorted(placed);
  const last = sorted.length - 1;
  if (last < 1) return { outside: { above: 0, below: 0 }, notPositive };
  const [low, high] = [sorted[Math.floor(SHARE * last)], sorted[Math.ceil((1 - SHARE) * last)]];
  const room = (high - low) * ROOM || Math.abs(high) * ROOM || 1;
  const [min, max] = [low - room, high + room];
  let [below, above] = [0, 0];
  for (const { values, from, to } of placed)
    for (let i = from; i < to; i++) {
      if (values[i] < min) below++;
      if (values[i] > max) above++;
    }
  return { min, max, outside: { above, below }, notPositive };
}
