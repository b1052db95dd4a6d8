/** Nights as checks see them, for tests. */
import type { Measured } from "../../src/check/measured.ts";
import type { IntervalRecord } from "../../src/evaluate/result.ts";
import { evaluation } from "../cli/evaluation.ts";

export const FID = "frechet_inception_distance";

/** An interval whose standard error is as good as known: quantiles are those of the normal distribution. */
export const surely = (value: number, standardError: number): IntervalRecord => ({
  low: value - 1.96 * standardError,
  high: value + 1.96 * standardError,
  standardError,
  level: 0.95,
  method: "Wilson score",
  seed: 2020,
});

let made = 0;

/** A result of one seed. Fakes are new each time. */
export function night(
  metrics: Readonly<Record<string, number>>,
  standardErrors: Readonly<Record<string, number>> = {},
  changes: Partial<Measured> = {},
): Measured {
  const { inputs, protocol } = evaluation();
  made++;
  return {
    metrics,
    intervals: Object.fromEntries(
      Object.entries(standardErrors).map(([key, error]) => [key, surely(metrics[key], error)]),
    ),
    inputs: { ...inputs, fake: { ...inputs.fake!, contentHash: `fakes ${made}` } },
    protocol,
    ...changes,
  };
}
