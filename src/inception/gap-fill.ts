/** Seeded random tensors for a file that lacks some of the network: for tests and benchmarks, never for results. */
import { type InceptionWeights, WEIGHTS, type WeightSpec } from "./architecture.ts";

/** Uniforms in [0, 1), 32 bits each. Source: Tommy Ettinger's mulberry32 (public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A sum of three uniforms has variance 1/4: 8 / fan-in is He's 2 / fan-in, 4 / fan-in keeps the logits' size at 1. */
const gain = ({ name }: WeightSpec): number => (name.startsWith("softmax/") ? 4 : 8);

/**
 * Adds the missing tensors. One mulberry32(seed) runs through all of them, in the order of WEIGHTS and row-major; a
 * value is `float32((u1 + u2 + u3 - 1.5) sqrt(gain / fan-in))` of the next three uniforms, in float64 until the end,
 * with gain 8 for convolutions and 4 for the classifier, and fan-in `height width channels` of a convolution, 2048 of
 * the classifier (its biases too). bench/peers/gap_fill.py makes the same bytes for the tensors that the tests lack.
 */
export function fillGaps(
  weights: InceptionWeights,
  seed: number,
): { weights: InceptionWeights; filled: string[] } {
  const next = mulberry32(seed);
  const filled = WEIGHTS.filter(({ name }) => !weights.has(name));
  const made = new Map(weights);
  for (const spec of filled) {
    const scale = Math.sqrt(gain(spec) / spec.fanIn);
    const size = spec.shape.reduce((product, dim) => product * dim, 1);
    made.set(
      spec.name,
      Float32Array.from({ length: size }, () => (next() + next() + next() - 1.5) * scale),
    );
  }
  return { weights: made, filled: filled.map(({ name }) => name) };
}
