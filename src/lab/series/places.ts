/** Places in values that rise. */

/** The first place whose value is not below; the length where there is none. */
export function firstFrom(values: ArrayLike<number>, least: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the value that is nearest; -1 where there is none. */
export function nearestPlace(values: ArrayLike<number>, to: number): number {
  const n = values.length;
  if (n === 0) return -1;
  const at = Math.min(n - 1, firstFrom(values, to));
  return at > 0 && to - values[at - 1] <= values[at] - to ? at - 1 : at;
}
