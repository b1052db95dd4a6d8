/** Instants at random, the same for the same seed. `GAN_EVAL_FAULT_SEED` tries others. */
const SEED = Number(process.env.GAN_EVAL_FAULT_SEED ?? 20261129);

/** mulberry32: numbers in [0, 1). */
export function seedToRandom(seed: number): () => number {
  let state = (SEED ^ (seed * 0x9e3779b1)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
