/** Weights of the random network, from a seed. */
import { createHash } from "node:crypto";
import { createRandomState } from "../../math/random/random-state.ts";

/** Channels out of each convolution, of 3x3 and stride 2: 512 means and deviations in all. */
export const CHANNELS = [32, 64, 64, 96] as const;
const KERNEL = 3;

export interface RandomConvWeights {
  /** Of each layer, HWIO. */
  readonly filters: readonly {
    readonly data: Float32Array;
    readonly shape: [number, number, number, number];
  }[];
  /** sha256 (hex). */
  readonly hash: string;
}

/**
 * NumPy's `RandomState(seed).standard_normal()`, one after the other (Marsaglia's polar method).
 * Source: numpy/random/src/legacy/legacy-distributions.c (legacy_gauss).
 */
export function standardNormals(seed: number): () => number {
  const state = createRandomState(seed);
  /** 53 bits in [0, 1). */
  const uniform = (): number => ((state.next() >>> 5) * 67108864 + (state.next() >>> 6)) / 2 ** 53;
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const value = kept;
      kept = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
      kept = factor * x;
      return factor * y;
    }
  };
}

/**
 * He et al. 2015: normal of variance 2 / (9 channels in), layer by layer, row-major.
 * @throws GanEvalError `usage.seed`
 */
export function seedToRandomConv(seed: number): RandomConvWeights {
  const normal = standardNormals(seed);
  const hash = createHash("sha256");
  const filters = CHANNELS.map((out, layer) => {
    const into = layer === 0 ? 3 : CHANNELS[layer - 1];
    const fanIn = KERNEL * KERNEL * into;
    const scale = Math.sqrt(2 / fanIn);
    const data = Float32Array.from({ length: fanIn * out }, () => scale * normal());
    hash.update(new Uint8Array(data.buffer));
    return { data, shape: [KERNEL, KERNEL, into, out] as [number, number, number, number] };
  });
  return { filters, hash: hash.digest("hex") };
}
