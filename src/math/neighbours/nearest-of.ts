/** Of each row of one side the nearest row of another. */
import type { MemoContext } from "../compute-context.ts";
import type { Features } from "../features/statistics.ts";
import { memoPair } from "../memo-pair.ts";
import { type Cuts, NearestFinder, type NearestLists } from "./nearest-finder.ts";
import { scanPairs } from "./pair-scan.ts";
import { squaredDistance } from "./squared-distance.ts";

/**
 * The nearest of `others` for each row of `rows`, of equally near ones the first; also within its half by each of the cuts.
 * Exact, as if all distances were computed in float64.
 */
export function rowsToNearestOf(
  rows: Features,
  others: Features,
  cuts: Cuts | undefined,
  context: MemoContext,
): Promise<NearestLists> {
  const key = cuts === undefined ? "nearest of fakes" : "nearest of fakes in halves";
  return memoPair(context, cuts?.others ?? others, rows, key, async () => {
    const exact = (j: number, i: number): number => squaredDistance(rows, j, others, i);
    const finder = new NearestFinder(rows.rows, 1, exact, cuts);
    const visit = (i: number, j: number, low: number, high: number): void => finder.offer(j, i, low, high);
    const reachA = new Float64Array(others.rows).fill(-1);
    await scanPairs({ a: others, b: rows, reachA, reachB: finder.reach, visit }, context);
    return finder.finish();
  });
}
