/** The two-sample test by nearest neighbours (1-NN accuracy). */
import type { MemoContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import { cutsToHalves, type Half, halvesToPairs, isInHalf } from "../math/intervals/split-halves.ts";
import { drawRows } from "../math/neighbours/equal-numbers.ts";
import { findNearest, type NearestLists } from "../math/neighbours/nearest-finder.ts";
import type { Neighbourhoods } from "../math/neighbours/neighbourhoods.ts";
import { aloneWith, type CrossNeighbours, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

/** The nearest other row of a row's own side. */
const NEAREST = { k: 1 };

export interface NearestNeighbourTest {
  /** The mean of the two that follow: 0.5 where nothing tells the sides apart. */
  readonly accuracy: number;
  /** The share of real samples whose nearest other sample is real. */
  readonly accuracyReal: number;
  /** The share of fake samples whose nearest other sample is fake. */
  readonly accuracyFake: number;
}

/**
 * The leave-one-out accuracy of a nearest-neighbour classifier that tells real from fake: each sample is given the side of
 * its nearest other sample of both. 0.5 is best; 1 where the sides lie apart; below 0.5 where each fake sample sits on a
 * real one (a memorised training set gives 0). A sample as near to the one side as to the other counts half. Of n = m
 * samples this is the usual pooled accuracy; of unequal numbers, the mean of both sides' shares, which keeps 0.5 as the
 * value of equal distributions. Exact, as if all distances were computed in float64.
 *
 * @throws GanEvalError `input.too-few-samples` for fewer than 2 samples a side, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToNearestNeighbourTest(
  real: Features,
  fake: Features,
  options: { readonly threads?: number } = {},
): Promise<NearestNeighbourTest> {
  return neighboursToAccuracies(await shareCrossNeighbours({ real, fake }, NEAREST, aloneWith(options)));
}

/** Of all rows, or of a half of each side's. */
function neighboursToAccuracies(
  { real, fake, crossPairs: { nearestReal, nearestFake } }: CrossNeighbours,
  half?: Half,
): NearestNeighbourTest {
  const share = (
    { features: { rows }, halves, nearest: own }: Neighbourhoods,
    other: NearestLists,
  ): number => {
    let [right, count] = [0, 0];
    for (let i = 0; i < rows; i++) {
      if (half && halves && !isInHalf(halves, i, half)) continue;
      const within = own.squared[findNearest(own, i, 1, half?.cut)];
      const across = other.squared[findNearest(other, i, 1, half?.cut)];
      right += within < across ? 1 : within === across ? 0.5 : 0;
      count++;
    }
    return right / count;
  };
  const accuracyReal = share(real, nearestFake);
  const accuracyFake = share(fake, nearestReal);
  return { accuracy: (accuracyReal + accuracyFake) / 2, accuracyReal, accuracyFake };
}

/** Equal numbers of both sides: the larger one is drawn from by seed. */
async function sidesToCrossNeighbours(
  sides: Sides,
  seed: number,
  context: MemoContext,
  halvesSeed?: number,
): Promise<CrossNeighbours> {
  const { real, fake } = sidesToFeatures(sides);
  const count = Math.min(real.rows, fake.rows);
  const draw = (side: Features): Features => drawRows(side, count, seed, context);
  return shareCrossNeighbours({ real: draw(real), fake: draw(fake) }, NEAREST, context, halvesSeed);
}

const toValues = ({ accuracy, accuracyReal, accuracyFake }: NearestNeighbourTest) => ({
  accuracy,
  accuracy_real: accuracyReal,
  accuracy_fake: accuracyFake,
});

export const row = metric({
  id: "1nn",
  label: "Nearest-neighbour two-sample test",
  unit: "share of samples, 0.5 is best",
  direction: "none",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Lopez-Paz & Oquab 2017, Revisiting Classifier Two-Sample Tests (arXiv 1610.06545); Xu et al. 2018 (arXiv 1806.07755)",
    library: "GAN-Metrics (Xu et al.), knn of k = 1",
  },
  defaults: parametersToDefaults(PARAMETER_ROWS["1nn"]),
  least: () => ({ real: 2, fake: 2 }),
  keys: {
    accuracy: "nearest_neighbour_accuracy",
    accuracy_real: "nearest_neighbour_accuracy_real",
    accuracy_fake: "nearest_neighbour_accuracy_fake",
  },
  names: {
    accuracy: "1-NN accuracy",
    accuracy_real: "1-NN accuracy on real",
    accuracy_fake: "1-NN accuracy on fake",
  },
  range: [0, 1],
  hasFloor: true,
  measure: async (sides, { seed }, context) => {
    const [real, fake] = [sides.real!.features!.rows, sides.fake.features!.rows];
    if (real !== fake)
      context.warn({
        code: "unequal-numbers",
        message: `1nn: uses ${Math.min(real, fake)} of ${Math.max(real, fake)} ${real > fake ? "real" : "fake"} rows, drawn with seed ${seed}, because the test needs equal numbers`,
        hint: "Give both sides the same number of images to use them all.",
      });
    return toValues(neighboursToAccuracies(await sidesToCrossNeighbours(sides, seed, context)));
  },
  halve: async (sides, halvesSeed, { seed }, context) => {
    const crossNeighbours = await sidesToCrossNeighbours(sides, seed, context, halvesSeed);
    const halves = cutsToHalves(crossNeighbours.real.halves!.count);
    return halvesToPairs(halves.map((half) => toValues(neighboursToAccuracies(crossNeighbours, half))));
  },
});
