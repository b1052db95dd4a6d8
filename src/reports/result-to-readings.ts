/** A result's values as a person reads them, each with its spread, interval and floor. */
import type { EvaluationResult, FloorRecord, IntervalRecord } from "../evaluate/result.ts";
import { extractorToFamily } from "../metrics/extractor-family.ts";
import { keyToDirection, keyToName, keyToSpread, spreadToKey } from "../metrics/values.ts";

/** One score as a person reads it: a value, perhaps with its spread, its interval and its floor. */
export interface Reading {
  /** The value's name in the result: `frechet_inception_distance`. */
  readonly key: string;
  /** `FID`, `Inception Score`; for other networks names that nobody takes for those. */
  readonly name: string;
  readonly value: number;
  /** Standard deviation over splits or subsets, where the metric has one. */
  readonly spread?: number;
  readonly direction?: "lower" | "higher";
  readonly interval?: IntervalRecord;
  readonly floor?: FloorRecord;
}

/**
 * A result's values as readings, in the result's own order. A spread stands with the value that it is of; values that no
 * metric claims stand for themselves.
 */
export function resultToReadings({
  metrics: values,
  intervals,
  floors,
  protocol,
}: Pick<EvaluationResult, "metrics" | "intervals" | "floors" | "protocol">): Reading[] {
  const family = extractorToFamily(protocol.extractor);
  const isAlone = (key: string): boolean => {
    const of = spreadToKey(key);
    return of === undefined || !(of in values);
  };
  return Object.entries(values)
    .filter(([key]) => isAlone(key))
    .map(([key, value]) => {
      const spreadKey = keyToSpread(key);
      const spread = spreadKey === undefined ? undefined : values[spreadKey];
      const direction = keyToDirection(key);
      const interval = intervals?.[key];
      const floor = floors?.[key];
      return {
        key,
        name: keyToName(key, family),
        value,
        ...(spread !== undefined && { spread }),
        ...(direction !== "none" && { direction }),
        ...(interval !== undefined && { interval }),
        ...(floor !== undefined && { floor }),
      };
    });
}
