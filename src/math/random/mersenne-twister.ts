/** The Mersenne Twister (MT19937). */

const N = 624;
const M = 397;

/** A stream of 32-bit outputs. */
export interface Uint32Source {
  /** The next output, 0 to 2^32 - 1. */
  next(): number;
}

/**
 * MT19937, seeded by one 32-bit integer (`init_genrand`). Source: Matsumoto and Nishimura 1998, mt19937ar.c; NumPy's
 * RandomState(seed) has the same outputs.
 */
export function createMersenneTwister(seed: number): Uint32Source {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let i = 1; i < N; i++) {
    const previous = state[i - 1]! ^ (state[i - 1]! >>> 30);
    state[i] = Math.imul(1812433253, previous) + i;
  }
  let position = N;
  return {
    next: () => {
      if (position === N) {
        twist(state);
        position = 0;
      }
      let y = state[position++]!;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      return (y ^ (y >>> 18)) >>> 0;
    },
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < N; i++) {
    const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
    state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
