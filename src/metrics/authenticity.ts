import { type Blocks, metric } from "./metric.ts";
import { findNearest } from "./neighbours/nearest-finder.ts";
import { aloneWith, type Meeting, shareMeeting, sidesToFeatures } from "./neighbours/shared.ts";
import type { Features } from "./statistics.ts";

/** A real sample's nearest other real one. */
const NEAREST = { k: 1 };

export interface Authenticity {
  /** 0 to 100 */
  readonly percent: number;
  /** [m] 1 where a fake sample is authentic, else 0. */
  readonly authentic: Float64Array;
  /** [m] The nearest real sample of each fake one, of equally near ones the first, and how far it is. */
  readonly nearestReal: Float64Array;
  readonly distance: Float64Array;
}

/**
 * AuthPct: a fake sample is authentic unless it is nearer to its nearest real sample than any other real sample is to
 * that one,
 *
 *     authentic_j = not [ |fake_j - real_i| < min_(l != i) |real_l - real_i| ],  i the nearest real sample of j,
 *
 * and the value is the percentage of authentic ones. Copies of the training set give 0. Exact, as if all distances were
 * computed in float64; dgm-eval's value. About 50 where real and fake samples are of one distribution, for half of the
 * time a new sample is the nearer one: read it beside real against real.
 *
 * @throws GanEvalError `input.too-few-samples` for fewer than 2 samples a side, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToAuthenticity(
  real: Features,
  fake: Features,
  options: { readonly threads?: number } = {},
): Promise<Authenticity> {
  return meetingToAuthenticity(await shareMeeting({ real, fake }, NEAREST, aloneWith(options)));
}

/** With the block `without` of the real rows left out, where it is given. */
function meetingToAuthenticity({ real, fake, encounters }: Meeting, without?: number): Authenticity {
  const { rows } = fake.features;
  const authentic = new Float64Array(rows);
  const nearestReal = new Float64Array(rows);
  const distance = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    const at = findNearest(encounters.nearestReal, j, 1, without);
    const i = encounters.nearestReal.who[at];
    const squared = encounters.nearestReal.squared[at];
    const own = real.nearest.squared[findNearest(real.nearest, i, 1, without)];
    authentic[j] = squared < own ? 0 : 1;
    nearestReal[j] = i;
    distance[j] = Math.sqrt(squared);
  }
  return { percent: (100 * sumOf(authentic)) / rows, authentic, nearestReal, distance };
}

const sumOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** The percentage with each block left out. */
function meetingToPercentages(meeting: Meeting, { role, count, ofRow }: Blocks): number[] {
  if (role === "real")
    return Array.from({ length: count }, (_, block) => meetingToAuthenticity(meeting, block).percent);
  const { authentic } = meetingToAuthenticity(meeting);
  return Array.from({ length: count }, (_, block) => {
    const kept = authentic.filter((_, j) => role !== "fake" || ofRow[j] !== block);
    return (100 * sumOf(kept)) / kept.length;
  });
}

export const row = metric({
  id: "authpct",
  label: "Authenticity (AuthPct)",
  unit: "percent of fake samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Alaa et al. 2022, How Faithful is your Synthetic Data? (arXiv 2102.08921); Stein et al. 2023 (arXiv 2306.04675)",
    library: "dgm-eval authpct.py",
  },
  defaults: {},
  keys: { percent: "authpct" },
  names: { percent: "Authentic fake samples" },
  range: [0, 100],
  hasFloor: true,
  measure: async (sides, _parameters, context) => {
    const meeting = await shareMeeting(sidesToFeatures(sides), NEAREST, context);
    return { percent: meetingToAuthenticity(meeting).percent };
  },
  leaveOut: async (sides, blocks, _parameters, context) => {
    const meeting = await shareMeeting(sidesToFeatures(sides), NEAREST, context, blocks);
    return meetingToPercentages(meeting, blocks).map((percent) => ({ percent }));
  },
  perPicture: async (sides, _parameters, context) => {
    const meeting = await shareMeeting(sidesToFeatures(sides), NEAREST, context);
    const { authentic, nearestReal, distance } = meetingToAuthenticity(meeting);
    return { authentic, nearest_real: nearestReal, nearest_real_distance: distance };
  },
});
