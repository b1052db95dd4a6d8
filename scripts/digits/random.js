// Seeded random numbers for the drawing and training scripts.

/**
 * @typedef {object} Random
 * @property {() => number} next uniform in [0, 1)
 * @property {(low: number, high: number) => number} between uniform in [low, high)
 * @property {(count: number) => number} below an integer in [0, count)
 * @property {() => number} normal mean 0, standard deviation 1
 * @property {<T>(values: ArrayLike<T> & { length: number }) => void} shuffle Fisher and Yates, in place
 */

/**
 * mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for images.
 * @param {number} seed
 * @returns {Random}
 */
export function seedToRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return {
    next,
    below,
    between: (low, high) => low + (high - low) * next(),
    // Box and Muller; 1 - next() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (values) => {
      for (let i = values.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [values[i], values[j]] = [values[j], values[i]];
      }
    },
  };
}
