/** Probabilistic precision and recall: each sample lies in the other side's support with some probability. */
import type { MemoContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/check-features.ts";
import type { Features } from "../math/features/statistics.ts";
import {
  cutsToHalves,
  type Half,
  type Halves,
  halvesToPairs,
  isInHalf,
} from "../math/intervals/split-halves.ts";
import { checkNeighbours, neighbourhoodsToRadii } from "../math/neighbours/neighbourhoods.ts";
import { scanPairs } from "../math/neighbours/pair-scan.ts";
import { aloneWith, shareHalves, shareNeighbourhoods, type TwoSides } from "../math/neighbours/shared.ts";
import { squaredDistance } from "../math/neighbours/squared-distance.ts";
import type { Role } from "../math/role.ts";
import { type MetricContext, metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--p-pr-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS["p-pr"]);

/** The radius, over the mean distance to the k-th neighbour: the authors'. */
const REACH = 1.2;
/** 1 - p is 1 for p below it. */
const NOTHING = 2 ** -54;

export interface ProbabilisticPrecisionRecall {
  readonly precision: number;
  readonly recall: number;
}

export interface ProbabilisticPrecisionRecallOptions {
  /** Radii are 1.2 times the mean distance to the k-th nearest other sample of a side (default 4). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/**
 * P-precision and P-recall of features [n, d] and [m, d],
 *
 *     precision = mean_j 1 - prod_i min(1, |real_i - fake_j| / R),  R = 1.2 mean_i r_i
 *     recall    = mean_i 1 - prod_j min(1, |real_i - fake_j| / S),  S = 1.2 mean_j s_j
 *
 * r_i to real_i's k-th nearest other real sample, s_j to fake_j's k-th nearest other fake one; both from 0 to 1. One radius a
 * side, so that an outlier has no ball larger than others have. A copy is in the support, also where all radii are 0. Exact,
 * with distances in float64, in the time of precision and recall, and a distance more for each pair within R or S.
 * Source: Park & Kim 2023 (arXiv 2309.01590), and their code for k and 1.2.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToProbabilisticPrecisionRecall(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: ProbabilisticPrecisionRecallOptions = {},
): Promise<ProbabilisticPrecisionRecall> {
  const [all] = await measureParts({ real, fake }, k, aloneWith(options));
  return all;
}

/** One radius a side, of the rows of a part: all, or a half of each side's. */
interface Part {
  readonly half: Half | undefined;
  readonly radius: Readonly<Record<"real" | "fake", number>>;
  /** [n], [m] The probabilities to lie outside the other side's support so far; -1 of rows that are not of the part. */
  readonly outside: Readonly<Record<"real" | "fake", Float64Array>>;
}

type SideHalves = Readonly<Partial<Record<Role, Halves>>>;

/** mean 1 - p over the rows of the part. */
function outsideToShare(outside: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const p of outside)
    if (p >= 0) {
      sum += 1 - p;
      count++;
    }
  return sum / count;
}

const OTHER = { real: "fake", fake: "real" } as const;

/** Of all rows, or, by seed, of the one half and the other of both sides' rows, cut by cut. */
async function measureParts(
  { real, fake }: TwoSides,
  k: number,
  context: MemoContext & Partial<MetricContext>,
  seed?: number,
): Promise<ProbabilisticPrecisionRecall[]> {
  checkSides(real, fake);
  checkNeighbours(k, { real, fake }, FLAG, seed !== undefined);
  const sides = { real, fake };
  const halves: SideHalves =
    seed === undefined
      ? {}
      : { real: shareHalves(real, "real", seed, context), fake: shareHalves(fake, "fake", seed, context) };
  const near = {
    real: await shareNeighbourhoods(real, "real", k, context, halves.real),
    fake: await shareNeighbourhoods(fake, "fake", k, context, halves.fake),
  };
  const toPart = (half: Half | undefined): Part => {
    const squared = {
      real: neighbourhoodsToRadii(near.real, k, FLAG, half),
      fake: neighbourhoodsToRadii(near.fake, k, FLAG, half),
    };
    const toRadius = (radii: Float64Array): number => {
      const own = radii.filter((radius) => radius >= 0);
      return (REACH * own.reduce((sum, radius) => sum + Math.sqrt(radius), 0)) / own.length;
    };
    const toOutside = (radii: Float64Array) => radii.map((radius) => (radius < 0 ? -1 : 1));
    return {
      half,
      radius: { real: toRadius(squared.real), fake: toRadius(squared.fake) },
      outside: { real: toOutside(squared.real), fake: toOutside(squared.fake) },
    };
  };
  const parts = halves.real ? cutsToHalves(halves.real.count).map(toPart) : [toPart(undefined)];
  await multiplyPairs(sides, parts, halves, context);
  return parts.map(({ outside }) => ({
    precision: outsideToShare(outside.fake),
    recall: outsideToShare(outside.real),
  }));
}

/** Multiplies every pair's min(1, distance / radius) into the probabilities of its rows. */
async function multiplyPairs(
  { real, fake }: TwoSides,
  parts: readonly Part[],
  halves: SideHalves,
  context: MemoContext,
): Promise<void> {
  /** What a row still asks of the other side: 0 is a copy of it. */
  const toReach = (role: "real" | "fake", row: number): number => {
    let reach = -1;
    for (const { radius, outside } of parts)
      if (outside[role][row] >= NOTHING) reach = Math.max(reach, radius[OTHER[role]] ** 2 * (1 + 1e-12));
    return reach;
  };
  const openReach = (role: "real" | "fake", rows: number) =>
    Float64Array.from({ length: rows }, (_, row) => toReach(role, row));
  const [reachA, reachB] = [openReach("real", real.rows), openReach("fake", fake.rows)];
  const visit = (i: number, j: number): void => {
    const distance = Math.sqrt(squaredDistance(real, i, fake, j));
    for (const { half, radius, outside } of parts) {
      if (half && !(isInHalf(halves.real!, i, half) && isInHalf(halves.fake!, j, half))) continue;
      if (distance <= radius.real) outside.fake[j] *= distance === 0 ? 0 : distance / radius.real;
      if (distance <= radius.fake) outside.real[i] *= distance === 0 ? 0 : distance / radius.fake;
    }
    reachA[i] = toReach("real", i);
    reachB[j] = toReach("fake", j);
  };
  await scanPairs({ a: real, b: fake, reachA, reachB, visit }, context);
}

const toValues = ({ precision, recall }: ProbabilisticPrecisionRecall) => ({ precision, recall });

export const row = metric({
  id: "p-pr",
  label: "Probabilistic precision and recall (P-precision, P-recall)",
  unit: "mean probability",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Park & Kim 2023, Probabilistic Precision and Recall Towards Reliable Evaluation of Generative Models (arXiv 2309.01590)",
    library: "Probablistic_precision_recall",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fake: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { precision: "p_precision", recall: "p_recall" },
  names: { precision: "P-precision", recall: "P-recall" },
  range: [0, 1],
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const [all] = await measureParts(sidesToFeatures(sides), k, context);
    return toValues(all);
  },
  halve: async (sides, seed, { k }, context) =>
    halvesToPairs((await measureParts(sidesToFeatures(sides), k, context, seed)).map(toValues)),
});
