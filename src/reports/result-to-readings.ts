import type { EvaluationResult } from "../evaluate/result.ts";
import type { MetricMeta } from "../metrics/meta.ts";
import { metrics } from "../metrics/table.ts";

/** One score as a person reads it: a value, perhaps with its spread. */
export interface Reading {
  /** The value's name in the result: `frechet_inception_distance`. */
  readonly key: string;
  /** `FID`, `Inception Score`; for other networks names that nobody takes for those. */
  readonly name: string;
  readonly value: number;
  /** Standard deviation over splits or subsets, where the metric has one. */
  readonly spread?: number;
  readonly direction?: "lower" | "higher";
}

/** Names for reading. A key that is not here is shown as it is. */
const NAMES: Readonly<Record<string, string>> = {
  frechet_inception_distance: "FID",
  inception_score_mean: "Inception Score",
  frechet_digits_distance: "Frechet digits distance",
  digits_score_mean: "Digits score",
};

/**
 * A result's values as readings, in the result's own order. A metric's first key is its value and a second one named
 * `std` its spread (metrics/meta.ts); values that no metric claims stand for themselves.
 */
export function resultToReadings(result: Pick<EvaluationResult, "metrics">): Reading[] {
  const values = result.metrics;
  const claims = new Map<string, { spread?: string; direction: "lower" | "higher" }>();
  const spreads = new Set<string>();
  for (const meta of Object.values(metrics) as MetricMeta[]) {
    for (const keys of Object.values(meta.keys)) {
      const [first] = Object.values(keys);
      if (first === undefined) continue;
      const spread = keys.std;
      claims.set(first, { direction: meta.direction, ...(spread === undefined ? {} : { spread }) });
      if (spread !== undefined && first in values) spreads.add(spread);
    }
  }
  return Object.entries(values)
    .filter(([key]) => !spreads.has(key))
    .map(([key, value]) => {
      const claim = claims.get(key);
      const spread = claim?.spread === undefined ? undefined : values[claim.spread];
      return {
        key,
        name: NAMES[key] ?? key,
        value,
        ...(spread === undefined ? {} : { spread }),
        ...(claim === undefined ? {} : { direction: claim.direction }),
      };
    });
}
