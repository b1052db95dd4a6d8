/** How far samples of few dimensions are from each other, where nothing is known of the distribution. */
import { GanEvalError } from "../errors.ts";
import { createRandomState } from "./random/random-state.ts";

export interface SlicedWassersteinOptions {
  /** Lines that samples are projected on (default 64); in one dimension there is one. */
  readonly directions?: number;
  /** Of the lines, in three dimensions or more (default 2020). */
  readonly seed?: number;
}

/** Wasserstein-1 distance of two ascending sets of finite numbers: the area between their distribution functions. */
function sortedToWasserstein(x: Float64Array, y: Float64Array): number {
  let [i, j, area] = [0, 0, 0];
  let before = Math.min(x[0], y[0]);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Number.POSITIVE_INFINITY, y[j] ?? Number.POSITIVE_INFINITY);
    area += Math.abs(i / x.length - j / y.length) * (next - before);
    while (x[i] === next) i++;
    while (y[j] === next) j++;
    before = next;
  }
  return area;
}

const TWO_32 = 2 ** -32;

/** Unit vectors: half a circle at equal angles, or independent ones from `seed`. */
function drawDirections(d: number, count: number, seed: number): Float64Array[] {
  if (d === 1) return [Float64Array.of(1)];
  if (d === 2)
    return Array.from({ length: count }, (_, i) => {
      const angle = (Math.PI * (i + 0.5)) / count;
      return Float64Array.of(Math.cos(angle), Math.sin(angle));
    });
  const random = createRandomState(seed);
  return Array.from({ length: count }, () => {
    const normal = Float64Array.from({ length: d }, () => {
      const radius = Math.sqrt(-2 * Math.log((random.next() + 1) * TWO_32));
      return radius * Math.cos(2 * Math.PI * random.next() * TWO_32);
    });
    const length = Math.hypot(...normal);
    return normal.map((value) => value / length);
  });
}

function project(samples: Float32Array, direction: Float64Array): Float64Array {
  const d = direction.length;
  return Float64Array.from({ length: samples.length / d }, (_, i) =>
    direction.reduce((sum, value, k) => sum + value * samples[i * d + k], 0),
  ).sort();
}

function checkSamples(samples: Float32Array, d: number): void {
  const n = samples.length / d;
  if (n === 0 || !Number.isInteger(n))
    throw new GanEvalError(
      "usage.samples",
      `expected samples of ${d} numbers each, got ${samples.length} numbers`,
    );
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new GanEvalError(
      "input.samples",
      `expected finite samples, got ${samples[bad]} in row ${Math.floor(bad / d)} (from 0)`,
      { hint: "The generator diverged: take an earlier checkpoint, or a lower learning rate." },
    );
}

/**
 * Sliced Wasserstein-1 distance of samples [n, d] and [m, d]: the mean over directions u of W1(Xu, Yu), each exact, for
 * unequal numbers of samples too. In one dimension the Wasserstein-1 distance itself (that of
 * scipy.stats.wasserstein_distance); in two the directions are at equal angles, so that nothing is random, and a shift by
 * v gives |v| 2 / pi.
 * Source: Bonneel et al. 2015, Sliced and Radon Wasserstein Barycenters of Measures.
 *
 * @throws GanEvalError `usage.samples` where there are none or their length does not fit, `input.samples` for NaN
 */
export function samplesToSlicedWasserstein(
  a: Float32Array,
  b: Float32Array,
  d: number,
  { directions = 64, seed = 2020 }: SlicedWassersteinOptions = {},
): number {
  checkSamples(a, d);
  checkSamples(b, d);
  const lines = drawDirections(d, directions, seed);
  return (
    lines.reduce((sum, line) => sum + sortedToWasserstein(project(a, line), project(b, line)), 0) /
    lines.length
  );
}
