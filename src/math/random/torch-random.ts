/** PyTorch's CPU generator, number for number. */
import { GanEvalError } from "../../errors.ts";
import { createMersenneTwister, type Uint32Source } from "./mersenne-twister.ts";

/** PyTorch's generator on the CPU, as far as the metrics' protocols use it. */
export interface TorchRandom extends Uint32Source {
  /** `randperm(n)`: 0..n - 1 shuffled, to the bit. */
  randperm(n: number): Int32Array;
  /** `randn(count)` in float32: normal numbers, to 1e-6 of PyTorch's (its vectorised logarithm and cosine round otherwise). */
  randn(count: number): Float32Array;
}

/** Normal numbers are made in blocks of 16, from the uniform ones that lie in their places. */
const BLOCK = 16;

/**
 * `torch.Generator().manual_seed(seed)`: the same numbers in the same order, below 2^32 / 20 for `randperm` (longer
 * ones are drawn otherwise). Throws `usage.seed` for a seed that is no whole number from 0 to 2^32 - 1.
 * Source: ATen/core/MT19937RNGEngine.h, native/TensorFactories.cpp (randperm), native/cpu/DistributionTemplates.h.
 */
export function createTorchRandom(seed: number): TorchRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new GanEvalError(
      "usage.seed",
      `expected a whole number from 0 to 4294967295 as seed, got ${seed}`,
      {
        hint: "--seed 2020 is torch-fidelity's",
      },
    );
  const { next } = createMersenneTwister(seed);
  const scalar = scalarNormals(next);
  return {
    next,
    randperm: (n) => {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = 0; i < n - 1; i++) {
        const j = i + (next() % (n - i));
        const swap = order[i]!;
        order[i] = order[j]!;
        order[j] = swap;
      }
      return order;
    },
    randn: (count) => {
      if (count < BLOCK) return Float32Array.from({ length: count }, scalar);
      const uniform = () => (next() & 0xffffff) * 2 ** -24;
      const numbers = Float32Array.from({ length: count }, uniform);
      for (let at = 0; at + BLOCK <= count; at += BLOCK) uniformToNormal(numbers.subarray(at, at + BLOCK));
      if (count % BLOCK > 0) {
        // The last 16 are drawn anew, whole: some of them for the second time.
        const last = numbers.subarray(count - BLOCK);
        for (let i = 0; i < BLOCK; i++) last[i] = uniform();
        uniformToNormal(last);
      }
      return numbers;
    },
  };
}

/** Box and Muller's pairs, of which the second halves lie 8 places behind the first. */
function uniformToNormal(block: Float32Array): void {
  for (let i = 0; i < BLOCK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - block[i]!));
    const angle = 2 * Math.PI * block[i + BLOCK / 2]!;
    block[i] = radius * Math.cos(angle);
    block[i + BLOCK / 2] = radius * Math.sin(angle);
  }
}

/** One at a time, for few: from doubles of 53 bits, the second of a pair kept for the next call. */
function scalarNormals(next: () => number): () => number {
  let kept: number | undefined;
  const uniform = () => {
    const high = next() & 0x1fffff;
    return (high * 2 ** 32 + next()) * 2 ** -53;
  };
  return () => {
    const second = kept;
    kept = undefined;
    if (second !== undefined) return second;
    const angle = 2 * Math.PI * uniform();
    const radius = Math.sqrt(-2 * Math.log1p(-uniform()));
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
