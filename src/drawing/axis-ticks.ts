/** Round values along an axis, with their labels. */

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Steps that people count in. */
const STEPS = [1, 2, 5, 10];

/** Round values between two ends, both included, `about` so many; labels have as many decimals as the step needs. */
export function rangeToTicks(low: number, high: number, about = 6): Tick[] {
  const rough = (high - low) / about;
  const decade = Math.floor(Math.log10(rough));
  // Decades from their text: powers of ten below one are not exact.
  const unit = Number(`1e${decade}`);
  const step =
    unit *
    STEPS.reduce((best, each) =>
      Math.abs(each - rough / unit) < Math.abs(best - rough / unit) ? each : best,
    );
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step * 1.001))));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = Number(((first + i) * step).toFixed(decimals)) + 0;
    return { value, label: value.toFixed(decimals) };
  });
}
