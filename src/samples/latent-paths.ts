/** Ways from one latent to another. */
import { type LatentSpec, latentWidth } from "../train/latent.ts";
import type { Interpolation } from "./options.ts";

/** Below this sine the two directions are one, or opposite: no arc lies between them. */
const SMALLEST_SINE = 1e-6;

type Weights = readonly [from: number, to: number];

const WEIGHTS: Readonly<
  Record<Interpolation, (from: Float32Array, to: Float32Array) => (t: number) => Weights>
> = {
  linear: () => (t) => [1 - t, t],
  spherical: (from, to) => {
    let [dot, a, b] = [0, 0, 0];
    for (let i = 0; i < from.length; i++) {
      dot += from[i] * to[i];
      a += from[i] ** 2;
      b += to[i] ** 2;
    }
    const angle = Math.acos(Math.min(1, Math.max(-1, dot / Math.sqrt(a * b))));
    const sine = Math.sin(angle);
    // The comparison is false for NaN, of a vector of zeros, too.
    if (!(sine > SMALLEST_SINE)) return WEIGHTS.linear(from, to);
    return (t) => [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  },
};

/**
 * Points between two vectors, ends included: `((1 - t) a + t b)`, or along an arc
 * `(sin((1 - t) w) a + sin(t w) b) / sin w` with w the angle between the two, on which the length of normal latents
 * stays what it is likely to be. Source: Shoemake 1985; White 2016, "Sampling generative networks".
 * @returns row-major `[steps, from.length]`
 */
export function pathBetween(
  from: Float32Array,
  to: Float32Array,
  steps: number,
  how: Interpolation,
): Float32Array {
  const weights = WEIGHTS[how](from, to);
  const path = new Float32Array(steps * from.length);
  for (let step = 0; step < steps; step++) {
    const [a, b] = weights(step / (steps - 1));
    for (let i = 0; i < from.length; i++) path[step * from.length + i] = a * from[i] + b * to[i];
  }
  path.set(from);
  path.set(to, (steps - 1) * from.length);
  return path;
}

/**
 * The same between two latents: noise goes the way that is asked for, continuous codes go straight, and categories stay
 * those of the first, for there is nothing between two of them.
 */
export function latentPath(
  spec: LatentSpec,
  from: Float32Array,
  to: Float32Array,
  steps: number,
  how: Interpolation,
): Float32Array {
  const width = latentWidth(spec);
  const { noise, codes = 0 } = spec;
  const part = (begin: number, end: number, kind: Interpolation) =>
    pathBetween(from.subarray(begin, end), to.subarray(begin, end), steps, kind);
  const noises = part(0, noise, how);
  const straight = part(width - codes, width, "linear");
  const path = new Float32Array(steps * width);
  for (let step = 0; step < steps; step++) {
    path.set(from, step * width);
    path.set(noises.subarray(step * noise, (step + 1) * noise), step * width);
    path.set(straight.subarray(step * codes, (step + 1) * codes), (step + 1) * width - codes);
  }
  return path;
}
