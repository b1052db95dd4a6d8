/** FLD: how likely held-out samples are under normal distributions about the fakes, and how much likelier training ones. */
import type { ComputeContext, MemoContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/centred-features.ts";
import { type Features, selectRows } from "../math/features/statistics.ts";
import { cutsToHalves, halvesToPairs, isInHalf, rowsToHalves } from "../math/intervals/split-halves.ts";
import {
  type CentreDistances,
  distancesToLogVariances,
  distancesToLoss,
  rowsToCentreDistances,
} from "../math/mixtures/gaussian-mixture.ts";
import { drawRows } from "../math/neighbours/equal-numbers.ts";
import { aloneWith } from "../math/neighbours/shared.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { ROLES, type Role } from "../math/role.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.fld);

type LikelihoodParameters = typeof DEFAULTS;
type ThreeSides = Readonly<Record<Role, Features>>;

export interface FeatureLikelihood {
  /** Against the likelihood under half of the training samples; 0 is as good as these, lower is better. */
  readonly divergence: number;
  /** Training less held-out: 0 where the fakes say as much of both, below it where they repeat the training set. */
  readonly gap: number;
}

const SCALE = 100;
/** Of a squared distance from the mean of all: the authors'. */
const BACKGROUND = 0.9 ** 2;
/** A deviation of held-out samples needs two; so do the halves of training samples. */
const LEAST = 2;

/**
 * Feature likelihood divergence of training features [n, d] (real), generated ones [m, d] (fake) and held-out ones. All are
 * brought to mean 0 and deviation 1 of the held-out ones (ddof 1; a column that is constant there is only shifted). Normal
 * distributions about the fakes get widths that make the training samples most likely (`distancesToLogVariances`); with
 * nll(x) the mean of -ln density / d,
 *
 *     FLD = 100 (nll(held out) - baseline)
 *     gap = 100 (nll(training) - nll(held out))
 *
 * where the baseline is nll(held out) about half of the training samples, fitted to the other half (m of them at most). Copies
 * of training samples get narrow widths, and held-out samples then are unlikely: a high FLD and a gap far below 0. Of more than
 * `samples` rows a side (default 10,000, the authors' number of fakes), as many are drawn by `seed`, which also halves the
 * training samples. Distances are right to 1e-4 or exact, sums in float64; 4 bytes a pair of samples, and 50 steps over the
 * pairs: several times the time of precision and recall.
 * Source: Jiralerspong et al. 2023 (arXiv 2302.04440), and their package fld.
 *
 * @throws GanEvalError `usage.fld-samples`, `input.too-few-samples`, `input.feature-width`, `input.features-not-finite`
 */
export const featuresToLikelihood = (
  real: Features,
  fake: Features,
  heldOut: Features,
  options: Partial<LikelihoodParameters> & { readonly threads?: number } = {},
): Promise<FeatureLikelihood> =>
  sidesToLikelihood({ real, fake, heldOut }, { ...DEFAULTS, ...options }, aloneWith(options));

/** Columns to mean 0 and deviation 1 of the held-out rows. */
function standardise({ real, fake, heldOut }: ThreeSides): ThreeSides {
  const { data, rows, width } = heldOut;
  const [mean, deviation] = [new Float64Array(width), new Float64Array(width)];
  for (let at = 0; at < data.length; at++) mean[at % width] += data[at] / rows;
  for (let at = 0; at < data.length; at++)
    deviation[at % width] += (data[at] - mean[at % width]) ** 2 / (rows - 1);
  const scale = deviation.map((square) => (square > 0 ? 1 / Math.sqrt(square) : 1));
  const apply = (side: Features): Features => ({
    ...side,
    data: side.data.map((value, at) => (value - mean[at % width]) * scale[at % width]),
  });
  return { real: apply(real), fake: apply(fake), heldOut: apply(heldOut) };
}

/** [n] Squared distances from the rows' mean, times 0.81. */
function rowsToBackground({ data, rows, width }: Features): Float64Array {
  const mean = new Float64Array(width);
  for (let at = 0; at < data.length; at++) mean[at % width] += data[at] / rows;
  const squared = new Float64Array(rows);
  for (let at = 0; at < data.length; at++)
    squared[Math.floor(at / width)] += BACKGROUND * (data[at] - mean[at % width]) ** 2;
  return squared;
}

/** The mixture about `centres`, fitted to `samples`: a function of other samples. */
async function fitMixture(samples: Features, centres: Features, context: ComputeContext) {
  const fitted = await rowsToCentreDistances(samples, centres, context);
  const logs = distancesToLogVariances(fitted, rowsToBackground(samples), context);
  const toLoss = (distances: CentreDistances): number => distancesToLoss(distances, logs);
  return {
    fitted: toLoss(fitted),
    of: async (others: Features) => toLoss(await rowsToCentreDistances(others, centres, context)),
  };
}

async function sidesToLikelihood(
  sides: ThreeSides,
  { samples, seed }: LikelihoodParameters,
  context: MemoContext,
): Promise<FeatureLikelihood> {
  checkWhole("fld-samples", samples, LEAST, `The authors use ${DEFAULTS.samples}.`);
  checkSides(ROLES.map((role) => sides[role]));
  checkLeast(sides.real.rows, LEAST, "on the real side for two halves", "Give more training images.");
  checkLeast(sides.heldOut.rows, LEAST, "on the held-out side for a deviation", "Give more held-out images.");
  const draw = (side: Features) => drawRows(side, samples, seed, context);
  const drawn = { real: draw(sides.real), fake: draw(sides.fake), heldOut: draw(sides.heldOut) };
  const { real, fake, heldOut } = standardise(drawn);
  const ofFakes = await fitMixture(real, fake, context);
  const [training, others] = [ofFakes.fitted, await ofFakes.of(heldOut)];
  const order = createRandomState(seed).permutation(real.rows);
  const half = new Set(order.subarray(0, Math.min(fake.rows, Math.floor(real.rows / 2))));
  const ofHalf = await fitMixture(
    selectRows(real, (at) => !half.has(at)),
    selectRows(real, (at) => half.has(at)),
    context,
  );
  return {
    divergence: SCALE * (others - (await ofHalf.of(heldOut))),
    gap: SCALE * (training - others),
  };
}

const toSides = ({ real, fake, heldOut }: Sides): ThreeSides => ({
  real: real!.features!,
  fake: fake.features!,
  heldOut: heldOut!.features!,
});

const toValues = ({ divergence, gap }: FeatureLikelihood) => ({ divergence, gap });

/** Each takes half a measurement. */
const CUTS = 10;

export const row = metric({
  id: "fld",
  label: "Feature likelihood divergence (FLD) and generalisation gap",
  unit: "100 nats per feature",
  direction: "lower",
  directions: { gap: "none" },
  needs: { real: ["features"], fake: ["features"], heldOut: ["features"] },
  againstTrained: true,
  source: {
    paper:
      "Jiralerspong et al. 2023, Feature Likelihood Divergence: Evaluating the Generalization of Generative Models Using Samples (arXiv 2302.04440)",
    library: "fld metrics/FLD.py, with at most 10,000 training samples and another half of them",
  },
  defaults: DEFAULTS,
  least: () => ({ real: LEAST, heldOut: LEAST }),
  keys: { divergence: "feature_likelihood_divergence", gap: "feature_likelihood_gap" },
  names: { divergence: "FLD", gap: "FLD gap, training less held-out" },
  measure: async (sides, parameters, context) =>
    toValues(await sidesToLikelihood(toSides(sides), parameters, context)),
  halve: async (sides, cutSeed, parameters, context) => {
    const all = toSides(sides);
    const halves = ROLES.map((role, i) => rowsToHalves(all[role].rows, (cutSeed + i) >>> 0, CUTS));
    const found: ReturnType<typeof toValues>[] = [];
    const each = cutsToHalves(CUTS);
    for (const half of each) {
      const part = (role: Role) =>
        selectRows(all[role], (at) => isInHalf(halves[ROLES.indexOf(role)], at, half));
      const sidesOfHalf = { real: part("real"), fake: part("fake"), heldOut: part("heldOut") };
      const own = { ...parameters, samples: Math.max(LEAST, Math.floor(parameters.samples / 2)) };
      const quiet = { ...context, progress: () => {} };
      found.push(toValues(await sidesToLikelihood(sidesOfHalf, own, quiet)));
      context.progress(found.length, each.length);
    }
    return halvesToPairs(found);
  },
});
