/** How far samples and features are from each other, where nothing is known of their distributions. */

import { GanEvalError } from "../errors.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import { mapQuarters, sidesToQuarters } from "../math/intervals/split-halves.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { sidesToSlicedCost, slicedCostsOfQuarters, sortedToCost } from "../math/slices/sliced-cost.ts";
import { checkWhole } from "./check-parameters.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

export interface SlicedWassersteinOptions {
  /** Lines that samples are projected on (default 64); in one dimension there is one. */
  readonly directions?: number;
  /** Of the lines, in three dimensions or more (default 2020). */
  readonly seed?: number;
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
  const places = new Float64Array(samples.length / d);
  for (let i = 0; i < places.length; i++)
    for (let k = 0; k < d; k++) places[i] += direction[k] * samples[i * d + k];
  return places.sort();
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
  options: SlicedWassersteinOptions = {},
): number {
  checkSamples(a, d);
  return openSlicedWasserstein(b, d, options)(a);
}

/** `samplesToSlicedWasserstein` to samples that stay, which are projected and sorted once. */
export function openSlicedWasserstein(
  reference: Float32Array,
  d: number,
  { directions = 64, seed = 2020 }: SlicedWassersteinOptions = {},
): (samples: Float32Array) => number {
  checkSamples(reference, d);
  const lines = drawDirections(d, directions, seed);
  const projected = lines.map((line) => project(reference, line));
  return (samples) => {
    checkSamples(samples, d);
    const costs = lines.map((line, i) => sortedToCost(project(samples, line), projected[i], 1));
    return costs.reduce((sum, cost) => sum + cost, 0) / lines.length;
  };
}

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.swd);

/** [directions, d]; in one dimension one. Throws `usage.swd-directions`. */
export function drawLines(width: number, { directions, seed }: typeof DEFAULTS): Features {
  checkWhole("swd-directions", directions, 1, `The default is ${DEFAULTS.directions}.`);
  const lines = drawDirections(width, directions, seed);
  const data = new Float32Array(lines.length * width);
  lines.forEach((line, i) => {
    data.set(line, i * width);
  });
  return { data, rows: lines.length, width };
}

/**
 * `samplesToSlicedWasserstein` of features of any width, with products in float32 about the common mean: the same to 1e-6
 * for the same directions. The default of 512 directions is this program's own: the mean over them is off by the spread
 * of single directions' distances over 23.
 *
 * @throws GanEvalError `usage.swd-directions`, `usage.seed`, `input.feature-width`, `input.too-few-samples`,
 *   `input.features-not-finite`
 */
export const featuresToSlicedWasserstein = async (
  real: Features,
  fake: Features,
  options: SlicedWassersteinOptions & ComputeContext = {},
): Promise<number> =>
  sidesToSlicedCost([fake, real], drawLines(fake.width, { ...DEFAULTS, ...options }), 1, options);

export const row = metric({
  id: "swd",
  label: "Sliced Wasserstein distance of features",
  unit: "feature units",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Bonneel et al. 2015, Sliced and Radon Wasserstein Barycenters of Measures",
    library: "this program's own (each direction: scipy.stats.wasserstein_distance)",
  },
  defaults: DEFAULTS,
  keys: { distance: "sliced_wasserstein_{extractor}_distance" },
  names: { distance: "Sliced Wasserstein distance" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  floorOrder: { distance: 0.5 },
  measure: async ({ real, fake }, parameters, context) => ({
    distance: await featuresToSlicedWasserstein(real!.features!, fake.features!, {
      ...context,
      ...parameters,
    }),
  }),
  quarter: async ({ real, fake }, seed, parameters, context) => {
    const sides = [fake.features!, real!.features!] as const;
    const cuts = sidesToQuarters([sides[0].rows, sides[1].rows], seed);
    const lines = drawLines(sides[0].width, parameters);
    const costs = await slicedCostsOfQuarters(sides, cuts, lines, 1, context);
    return costs.map((cost) => mapQuarters(cost, (distance) => ({ distance })));
  },
});
