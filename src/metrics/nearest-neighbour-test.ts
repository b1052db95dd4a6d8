import { type Blocks, metric, type Sides } from "./metric.ts";
import { drawBlocks, drawRows } from "./neighbours/equal-numbers.ts";
import { findNearest, type NearestLists } from "./neighbours/nearest-finder.ts";
import {
  aloneWith,
  type Meeting,
  type Surroundings,
  shareMeeting,
  sidesToFeatures,
} from "./neighbours/shared.ts";
import type { Features } from "./statistics.ts";

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
  return meetingToAccuracies(await shareMeeting({ real, fake }, NEAREST, aloneWith(options)));
}

/** Of all rows, or with block `without` of the side `role` left out. */
function meetingToAccuracies(
  { real, fake, encounters: { nearestReal, nearestFake } }: Meeting,
  blocks?: Blocks,
  without?: number,
): NearestNeighbourTest {
  const share = (side: "real" | "fake", own: NearestLists, other: NearestLists): number => {
    const { rows } = (side === "real" ? real : fake).features;
    let [right, count] = [0, 0];
    for (let i = 0; i < rows; i++) {
      if (blocks?.role === side && blocks.ofRow[i] === without) continue;
      const within = own.squared[findNearest(own, i, 1, without)];
      const across = other.squared[findNearest(other, i, 1, without)];
      right += within < across ? 1 : within === across ? 0.5 : 0;
      count++;
    }
    return right / count;
  };
  const accuracyReal = share("real", real.nearest, nearestFake);
  const accuracyFake = share("fake", fake.nearest, nearestReal);
  return { accuracy: (accuracyReal + accuracyFake) / 2, accuracyReal, accuracyFake };
}

/** Equal numbers of both sides: the larger one is drawn from by seed. */
async function sidesToMeeting(
  sides: Sides,
  seed: number,
  context: Surroundings,
  blocks?: Blocks,
): Promise<{ meeting: Meeting; blocks?: Blocks }> {
  const { real, fake } = sidesToFeatures(sides);
  const count = Math.min(real.rows, fake.rows);
  const drawn = { real: drawRows(real, count, seed, context), fake: drawRows(fake, count, seed, context) };
  const left = blocks && drawBlocks(drawBlocks(blocks, "real", drawn.real), "fake", drawn.fake);
  const features = { real: drawn.real.features, fake: drawn.fake.features };
  const meeting = await shareMeeting(features, NEAREST, context, left);
  return { meeting, ...(left && { blocks: left }) };
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
  defaults: { seed: 2020 },
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
        message: `1nn: ${Math.min(real, fake)} of ${Math.max(real, fake)} ${real > fake ? "real" : "fake"} rows, drawn by seed ${seed}, since the test is of equal numbers`,
        hint: "Give as many pictures on one side as on the other to use them all.",
      });
    return toValues(meetingToAccuracies((await sidesToMeeting(sides, seed, context)).meeting));
  },
  leaveOut: async (sides, given, { seed }, context) => {
    const { meeting, blocks } = await sidesToMeeting(sides, seed, context, given);
    return Array.from({ length: given.count }, (_, block) =>
      toValues(meetingToAccuracies(meeting, blocks, block)),
    );
  },
});
