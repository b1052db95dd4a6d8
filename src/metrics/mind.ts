/** The Monge Inception Distance (MIND): a sliced Wasserstein distance of features. */

import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import { mapQuarters, sidesToQuarters } from "../math/intervals/split-halves.ts";
import { createTorchRandom } from "../math/random/torch-random.ts";
import { sidesToSlicedCost, slicedCostsOfQuarters } from "../math/slices/sliced-cost.ts";
import { checkWhole } from "./check-parameters.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.mind);

/** What torch-fidelity draws: rows of the larger side that it keeps, and then the directions. */
interface Drawn {
  readonly fake: Int32Array | undefined;
  readonly real: Int32Array | undefined;
  /** [projections, d] Of length 1. */
  readonly directions: Features;
}

function drawMind(real: Features, fake: Features, { projections, seed }: typeof DEFAULTS): Drawn {
  checkWhole("mind-projections", projections, 1, `torch-fidelity uses ${DEFAULTS.projections}.`);
  const random = createTorchRandom(seed);
  const n = Math.min(real.rows, fake.rows);
  const keep = ({ rows }: Features) => (rows > n ? random.randperm(rows).slice(0, n) : undefined);
  const [kept, width] = [{ fake: keep(fake), real: keep(real) }, fake.width];
  const data = random.randn(projections * width);
  for (let at = 0; at < data.length; at += width) {
    const direction = data.subarray(at, at + width);
    const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < width; k++) direction[k]! /= Math.max(length, 1e-12);
  }
  return { ...kept, directions: { data, rows: projections, width } };
}

function takeRows(features: Features, rows: Int32Array | undefined): Features {
  if (rows === undefined) return features;
  const { data, width } = features;
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { data: taken, rows: rows.length, width };
}

/**
 * Monge Inception Distance of features [n, d] and [n, d]: 3 d times the mean over directions u of
 * mean_i (sort(Xu)_i - sort(Yu)_i)^2, the sliced squared Wasserstein-2 distance; 3 |v|^2 for a shift by v.
 * Of unequal numbers a random part of the larger side is taken. Directions and that part are PyTorch's for the seed:
 * agrees with torch-fidelity's metric_mind.py (0.5 dev) to 1e-5, for it computes in float32 throughout.
 *
 * @throws GanEvalError `usage.mind-projections`, `usage.seed`, `input.feature-width`, `input.too-few-samples`,
 *   `input.features-not-finite`
 */
export async function featuresToMind(
  real: Features,
  fake: Features,
  options: Partial<typeof DEFAULTS> & ComputeContext = {},
): Promise<number> {
  const drawn = drawMind(real, fake, { ...DEFAULTS, ...options });
  return directionsToMind(takeRows(real, drawn.real), takeRows(fake, drawn.fake), drawn.directions, options);
}

/** The same along given directions [count, d] of length 1; of unequal numbers by the whole distribution functions. */
export const directionsToMind = async (
  real: Features,
  fake: Features,
  directions: Features,
  context: ComputeContext = {},
): Promise<number> => 3 * fake.width * (await sidesToSlicedCost([fake, real], directions, 2, context));

export const row = metric({
  id: "mind",
  label: "Monge distance (MIND)",
  unit: "squared feature units",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Berthet et al. 2026, MIND: Monge Inception Distance (arXiv 2605.06797)",
    library: "torch-fidelity metric_mind.py (0.5 dev)",
  },
  defaults: DEFAULTS,
  keys: { distance: "monge_{extractor}_distance" },
  names: { distance: "Monge {Extractor} distance" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  floorOrder: { distance: 1 },
  measure: async ({ real, fake }, parameters, context) => ({
    distance: await featuresToMind(real!.features!, fake.features!, { ...context, ...parameters }),
  }),
  quarter: async ({ real, fake }, seed, parameters, context) => {
    const drawn = drawMind(real!.features!, fake.features!, parameters);
    const sides = [takeRows(fake.features!, drawn.fake), takeRows(real!.features!, drawn.real)] as const;
    const cuts = sidesToQuarters([sides[0].rows, sides[1].rows], seed);
    const costs = await slicedCostsOfQuarters(sides, cuts, drawn.directions, 2, context);
    return costs.map((each) => mapQuarters(each, (cost) => ({ distance: 3 * sides[0].width * cost })));
  },
});
