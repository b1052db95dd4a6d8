/** How sure a share is: its interval as that of a number of outcomes, yes or no. */
import type { Interval } from "./interval.ts";
import { tailToQuantile } from "./normal.ts";

/**
 * Wilson's score interval of a share p of N outcomes, each yes or no, that are independent and about equally likely:
 *
 *     (p + z^2 / 2N -+ z sqrt(p (1 - p) / N + z^2 / 4N^2)) / (1 + z^2 / N),
 *
 * z the quantile of the normal distribution. It holds for few outcomes and for shares near 0 and 1 too, where it is not
 * symmetrical. Outcomes of unlike probability vary less: then it is wide. The standard error is sqrt(p (1 - p) / N).
 * Source: Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.
 *
 * @param level 0.95
 */
export function shareToInterval(share: number, outcomes: number, level: number): Interval {
  const z = tailToQuantile(1 - level);
  const variance = (share * (1 - share)) / outcomes;
  const extra = z ** 2 / outcomes;
  const middle = (share + extra / 2) / (1 + extra);
  const reach = (z * Math.sqrt(variance + extra / (4 * outcomes))) / (1 + extra);
  return {
    low: Math.max(0, middle - reach),
    high: Math.min(1, middle + reach),
    standardError: Math.sqrt(variance),
  };
}
