/** What a check reads of results. */
import { intervalToReferenceShare } from "../evaluate/reference-share.ts";
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
    keys.map((key) => {
      const intervals = results.map(({ intervals: of }) =>
        of && Object.hasOwn(of, key) ? of[key] : undefined,
      );
      return [
        key,
        intervalsToSeeds(
          results.map(({ metrics }) => metrics[key]),
          intervals,
          results.map(({ inputs }, i) => intervalToReferenceShare(intervals[i] ?? {}, inputs)),
        ),
      ];
    }),
  );
}
