/** What a check reads of results. */
import type { EvaluationResult } from "../evaluate/result.ts";
import { intervalsToSeeds, type Seeds } from "./seeds.ts";

/** The part of a result that a check and a baseline need. */
export type Measured = Pick<EvaluationResult, "metrics" | "intervals" | "inputs" | "protocol">;

export const resultToMeasured = ({ metrics, intervals, inputs, protocol }: Measured): Measured => ({
  metrics,
  ...(intervals && { intervals }),
  inputs,
  protocol,
});

/** Values that all results have, by name. */
export function resultsToSeeds(results: readonly Measured[]): Map<string, Seeds> {
  const keys = Object.keys(results[0]?.metrics ?? {}).filter((key) =>
    results.every(({ metrics }) => Object.hasOwn(metrics, key)),
  );
  return new Map(
    keys.map((key) => [
      key,
      intervalsToSeeds(
        results.map(({ metrics }) => metrics[key]),
        results.map(({ intervals }) =>
          intervals && Object.hasOwn(intervals, key) ? intervals[key] : undefined,
        ),
      ),
    ]),
  );
}
