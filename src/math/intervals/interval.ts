/** What an interval is, and how one is made of a standard error. */
import { studentQuantile } from "./student.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

export interface Bounds {
  /** 0.95 */
  readonly level: number;
  /** The value's natural bounds. */
  readonly range?: readonly [low: number, high: number];
}

/** value -+ t se within the value's range, t of Student's distribution with so many degrees of freedom. */
export function errorToInterval(
  value: number,
  standardError: number,
  degrees: number,
  { level, range: [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }: Bounds,
): Interval {
  const reach = standardError > 0 ? studentQuantile((1 + level) / 2, degrees) * standardError : 0;
  return { low: Math.max(least, value - reach), high: Math.min(most, value + reach), standardError };
}
