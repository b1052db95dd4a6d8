/** A result's values as a person reads them, each with its spread, interval and floor. */
import type { EvaluationResult, FloorRecord, IntervalRecord } from "../evaluate/result.ts";
import { extractorToFamily } from "../inception/extractor-family.ts";
import { keyToValue } from "../metrics/values.ts";

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
 * A result's values as readings, in the result's own order. A metric's first key is its value and one named `std` its
 * spread (metrics/metric.ts); values that no metric claims stand for themselves.
 */
export function resultToReadings(
  result: Pick<EvaluationResult, "metrics" | "protocol" | "intervals" | "floors">,
): Reading[] {
  const values = result.metrics;
  const { name: extractor } = extractorToFamily(result.protocol.extractor);
  const infos = Object.keys(values).map((key) => keyToValue(key, extractor));
  const spreads = new Set(infos.flatMap((info) => info?.spread ?? []));
  return Object.entries(values)
    .filter(([key]) => !spreads.has(key))
    .map(([key, value]) => {
      const { name = key, spread, direction = "none" } = keyToValue(key, extractor) ?? {};
      const interval = result.intervals?.[key];
      const floor = result.floors?.[key];
      return {
        key,
        name,
        value,
        ...(spread !== undefined && values[spread] !== undefined && { spread: values[spread] }),
        ...(direction !== "none" && { direction }),
        ...(interval !== undefined && { interval }),
        ...(floor !== undefined && { floor }),
      };
    });
}
