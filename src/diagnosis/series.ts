/** Numbers over rounds. */
import { meanOf } from "../math/mean.ts";
import { medianOf } from "../math/median.ts";

/** The finite values. */
export const finite = (values: ArrayLike<number>): Float64Array =>
  Float64Array.from(values).filter(Number.isFinite);

/** The median of the finite values; NaN of none. */
export const median = (values: ArrayLike<number>): number => {
  const kept = finite(values);
  return kept.length === 0 ? Number.NaN : medianOf(kept);
};

/** Standard deviation (n - 1) about the mean, of two values or more. */
export function deviation(values: ArrayLike<number>): number {
  const middle = meanOf(values);
  const squares = Array.from(values).reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Less the straight line through it (least squares). */
export function detrend(values: Float64Array): Float64Array {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = meanOf(values);
  let [product, square] = [0, 0];
  for (const [i, y] of values.entries()) {
    product += (i - middle) * (y - mean);
    square += (i - middle) ** 2;
  }
  const slope = square > 0 ? product / square : 0;
  return values.map((y, i) => y - mean - slope * (i - middle));
}

export interface Peak {
  /** The autocorrelation there; 0 where there is no peak. */
  readonly height: number;
  /** In steps of the series. */
  readonly lag: number;
}

/**
 * The first peak of the autocorrelation r(k) = sum_i y_i y_(i+k) / sum_i y_i^2 * n / (n - k) behind its first fall below
 * zero: the period of what comes back. White noise and slow drifts have none.
 */
export function seriesToPeak(values: Float64Array): Peak {
  const y = detrend(values);
  const n = y.length;
  const energy = y.reduce((sum, v) => sum + v * v, 0);
  if (!(energy > 0)) return { height: 0, lag: 0 };
  const correlation = (lag: number): number => {
    let sum = 0;
    for (let i = 0; i + lag < n; i++) sum += y[i] * y[i + lag];
    return (sum / energy) * (n / (n - lag));
  };
  const most = Math.floor(n / 2);
  let lag = 1;
  while (lag < most && correlation(lag) > 0) lag++;
  let best: Peak = { height: 0, lag: 0 };
  for (; lag < most; lag++) {
    const height = correlation(lag);
    if (height > best.height) best = { height, lag };
    else if (best.height > 0 && height < 0) break;
  }
  return best;
}
