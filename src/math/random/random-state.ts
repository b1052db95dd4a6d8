/** NumPy's RandomState, number for number. */
import { GanEvalError } from "../../errors.ts";
import { createMersenneTwister, type Uint32Source } from "./mersenne-twister.ts";

/** NumPy's legacy generator, as far as the metrics' protocols use it. */
export interface RandomState extends Uint32Source {
  /** `permutation(n)`: 0..n - 1 shuffled. */
  permutation(n: number): Int32Array;
  /** `choice(n, size, replace=False)`: `size` different numbers below n. */
  choice(n: number, size: number): Int32Array;
}

/**
 * NumPy's `RandomState(seed)`, number for number: torch-fidelity shuffles and draws its subsets by it (seed 2020).
 * Throws `usage.seed` for a seed that is no whole number from 0 to 2^32 - 1, which NumPy refuses too.
 * Source: numpy/random/mtrand.pyx (shuffle, choice), legacy-distributions.c (random_interval).
 */
export function createRandomState(seed: number): RandomState {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new GanEvalError(
      "usage.seed",
      `expected a whole number from 0 to 4294967295 as seed, got ${seed}`,
      {
        hint: "--seed 2020 is torch-fidelity's",
      },
    );
  }
  const twister = createMersenneTwister(seed);
  const permutation = (n: number): Int32Array => {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = nextUpTo(twister, i);
      const swap = order[i]!;
      order[i] = order[j]!;
      order[j] = swap;
    }
    return order;
  };
  return {
    next: twister.next,
    permutation,
    choice: (n, size) => {
      if (size > n) {
        throw new GanEvalError(
          "usage.subset-size",
          `expected a subset of at most ${n} samples, got one of ${size}`,
          {
            hint: "give more samples or ask for a smaller subset",
          },
        );
      }
      return permutation(n).slice(0, size);
    },
  };
}

/** A number from 0 to `most`: outputs cut to as many bits as `most` has, until one fits. */
function nextUpTo(source: Uint32Source, most: number): number {
  const mask = 0xffffffff >>> Math.clz32(most);
  for (;;) {
    const value = (source.next() & mask) >>> 0;
    if (value <= most) return value;
  }
}
