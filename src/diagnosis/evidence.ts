/** A number against a threshold of the table. */
import { THRESHOLDS, type ThresholdName } from "./thresholds.ts";
import type { Evidence } from "./verdict.ts";

export type EvidenceMore = Partial<Pick<Evidence, "floor" | "interval" | "rounds">>;

/** @param side which side of the threshold is the bad one */
export function toEvidence(
  metric: string,
  value: number,
  side: "above" | "below",
  threshold: ThresholdName,
  more: EvidenceMore = {},
): Evidence {
  const { value: bound, source } = THRESHOLDS[threshold];
  const isBad = side === "above" ? value >= bound : value <= bound;
  return { metric, value, comparison: isBad ? side : "within", threshold: bound, source, ...more };
}

export const isBad = ({ comparison }: Evidence): boolean => comparison !== "within";
