/** Values whose intervals are known to be too narrow, by simulation, and the warning that says so. */
import type { Warning } from "../../errors.ts";
import { valueToKey } from "../../metrics/table.ts";
import type { PlannedMetric } from "../plan.ts";
import type { IntervalRecord } from "../result.ts";

interface NarrowInterval {
  /** The least percentage of intervals that held the mean in a simulation of docs/intervals.md, instead of 95. */
  readonly coverage: number;
  /** What was simulated there. */
  readonly where: string;
}

/**
 * By the names of docs/intervals.md, which are those of results without the extractor: all whose share is below 93 % in some
 * cell, and below 95 % by more than two standard errors of so many draws. A test holds this to the tables there.
 */
export const NARROW_INTERVALS: Readonly<Record<string, NarrowInterval>> = {
  precision: { coverage: 89.3, where: "10,000 images a side" },
  coverage: { coverage: 91.3, where: "10,000 images a side" },
  prd_f8: { coverage: 90.8, where: "sides far apart" },
  sliced_wasserstein_distance: { coverage: 91.3, where: "sides far apart" },
  symmetric_recall: { coverage: 87.5, where: "sides close to one another" },
  precision_cover: { coverage: 87.5, where: "sides close to one another" },
  nearer_to_real_share: { coverage: 92.3, where: "sides far apart" },
};

/** Key of docs/intervals.md. */
const EXTRACTOR = "x";
const valueToName = (row: PlannedMetric["row"], value: string): string =>
  valueToKey(row, value, EXTRACTOR).replace(`${EXTRACTOR}_`, "");

/** One warning about all intervals among these that are known to be narrow. */
export function intervalsToWarnings(
  metrics: readonly PlannedMetric[],
  intervals: Readonly<Record<string, IntervalRecord>>,
  family: string,
): Warning[] {
  const known = metrics.flatMap(({ row }) =>
    Object.keys(row.keys).flatMap((value) => {
      const key = valueToKey(row, value, family);
      const narrow = NARROW_INTERVALS[valueToName(row, value)];
      return narrow && Object.hasOwn(intervals, key) ? [{ key, ...narrow }] : [];
    }),
  );
  if (known.length === 0) return [];
  const said = known.map(({ key, coverage, where }) => `${key} (${Math.round(coverage)} %: ${where})`);
  return [
    {
      code: "narrow-intervals",
      message: `intervals of 95 % that held the mean less often in simulations: ${said.join(", ")}`,
      hint: "Take them for a little wider than they are said to be (docs/intervals.md).",
    },
  ];
}
