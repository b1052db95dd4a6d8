/** Smoothing of series by rounds, over all of their past. */

/**
 * Smoothing: the mean of a series' past with weights that halve each so many rounds:
 * s_i = sum_j 2^-((r_i - r_j) / h) x_j / sum_j 2^-((r_i - r_j) / h), over the rows j <= i since the last that is no number.
 * What is no number stays so, and the mean begins anew behind it: nothing is drawn over a gap.
 */
interface Smoothed {
  values: Float64Array;
  length: number;
  sum: number;
  weight: number;
}

/** By the memory of the values, which goes with them; of few half-lives, the last that were asked for. */
const known = new WeakMap<ArrayBufferLike, Map<number, Smoothed>>();
const MOST_HALF_LIVES = 3;

function recall(values: Float64Array, halfLife: number): Smoothed {
  const own = known.get(values.buffer) ?? new Map<number, Smoothed>();
  known.set(values.buffer, own);
  const fresh = { values: new Float64Array(0), length: 0, sum: 0, weight: 0 };
  const found = own.get(halfLife) ?? fresh;
  own.delete(halfLife);
  own.set(halfLife, found);
  for (const other of own.keys()) if (own.size > MOST_HALF_LIVES) own.delete(other);
  return found;
}

/** @param halfLife in rounds; what was smoothed before and only grew is not smoothed again */
export function columnToSmoothed(rounds: Float64Array, values: Float64Array, halfLife: number): Float64Array {
  const state = recall(values, halfLife);
  if (state.values.length < values.length) {
    const larger = new Float64Array(Math.max(values.length, 2 * state.values.length));
    larger.set(state.values.subarray(0, state.length));
    state.values = larger;
  }
  for (let i = state.length; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) {
      const decay = i === 0 ? 0 : 2 ** (-(rounds[i] - rounds[i - 1]) / halfLife);
      state.sum = state.sum * decay + value;
      state.weight = state.weight * decay + 1;
      state.values[i] = state.sum / state.weight;
    } else {
      state.sum = 0;
      state.weight = 0;
      state.values[i] = Number.NaN;
    }
  }
  state.length = Math.max(state.length, values.length);
  return state.values.subarray(0, values.length);
}
