/** A result's values as a person reads them, each with its spread, interval and floor. */
import type { EvaluationResult, FloorRecord, IntervalRecord } from "../evaluate/result.ts";
import { extractorToFamily } from "../inception/extractor-family.ts";
import type { Metric } from "../metrics/metric.ts";
import { metrics, valueToKey } from "../metrics/table.ts";

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

/** Names for reading that do not follow from the metric's. */
const NAMES: Readonly<Record<string, string>> = {
  frechet_inception_distance: "FID",
  inception_score_mean: "Inception Score",
  kernel_inception_distance_mean: "KID",
  spatial_frechet_inception_distance: "sFID",
  frechet_inception_distance_infinity: "FID∞",
  inception_score_infinity: "IS∞",
  monge_inception_distance: "MIND",
  memorization_informed_frechet_inception_distance: "MIFID",
};

/** Values of scores by class. */
const CLASS_VALUES: Readonly<Record<string, Claim>> = {
  intra_frechet_inception_distance: { name: "Intra-FID", direction: "lower" },
  intra_frechet_digits_distance: { name: "Intra-class Frechet digits distance", direction: "lower" },
  class_kl: { name: "KL of class shares", direction: "lower" },
  class_total_variation: { name: "Total variation of class shares", direction: "lower" },
};

/** What the table knows of a value, by its name in a result. */
interface Claim {
  readonly name?: string;
  readonly spread?: string;
  readonly direction?: "lower" | "higher";
}

function rowToDirection({ direction, directions }: Metric, value: string): Pick<Claim, "direction"> {
  const of = directions?.[value] ?? direction;
  return of === "none" ? {} : { direction: of };
}

function extractorToClaims(extractor: string): Map<string, Claim> {
  const family = extractorToFamily(extractor);
  const claims = new Map<string, Claim>();
  for (const row of Object.values(metrics))
    for (const [i, value] of Object.keys(row.keys).entries()) {
      const name = row.names?.[value]?.replace("{Extractor}", family.name);
      claims.set(valueToKey(row, value, family.key), {
        ...(name !== undefined && { name: name.charAt(0).toUpperCase() + name.slice(1) }),
        ...(i === 0 && "std" in row.keys && { spread: valueToKey(row, "std", family.key) }),
        ...(value !== "std" && rowToDirection(row, value)),
      });
    }
  return claims;
}

/**
 * A result's values as readings, in the result's own order. A metric's first key is its value and one named `std` its
 * spread (metrics/metric.ts); values that no metric claims stand for themselves.
 */
export function resultToReadings(
  result: Pick<EvaluationResult, "metrics" | "protocol" | "intervals" | "floors">,
): Reading[] {
  const values = result.metrics;
  const claims = extractorToClaims(result.protocol.extractor);
  const spreads = new Set(
    [...claims].flatMap(([key, { spread }]) => (key in values && spread ? [spread] : [])),
  );
  return Object.entries(values)
    .filter(([key]) => !spreads.has(key))
    .map(([key, value]) => {
      const { name, spread, direction } = claims.get(key) ?? CLASS_VALUES[key] ?? {};
      const interval = result.intervals?.[key];
      const floor = result.floors?.[key];
      return {
        key,
        name: NAMES[key] ?? name ?? key,
        value,
        ...(spread !== undefined && values[spread] !== undefined && { spread: values[spread] }),
        ...(direction !== undefined && { direction }),
        ...(interval !== undefined && { interval }),
        ...(floor !== undefined && { floor }),
      };
    });
}
