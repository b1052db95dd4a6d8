/** The k nearest neighbours of every row among the others of its side. */
import { GanEvalError } from "../../errors.ts";
import type { ComputeContext } from "../compute-context.ts";
import { checkRows } from "../features/check-features.ts";
import type { Features } from "../features/statistics.ts";
import { type Half, type Halves, isInHalf } from "../intervals/split-halves.ts";
import type { Role } from "../role.ts";
import { findNearest, NearestFinder, type NearestLists } from "./nearest-finder.ts";
import { scanPairs } from "./pair-scan.ts";
import { squaredDistance } from "./squared-distance.ts";

/** Feature rows and their nearest neighbours among the others of their side. */
export interface Neighbourhoods {
  readonly features: Features;
  readonly role: Role;
  /** Neighbours that are known of each row, where there are so many others. */
  readonly k: number;
  /** Where as many are known within the row's half by each cut. */
  readonly halves?: Halves;
  readonly nearest: NearestLists;
}

export interface NeighbourhoodOptions extends ComputeContext {
  /** Neighbours to find of each row. */
  readonly k: number;
  /** In messages (default real). */
  readonly role?: Role;
  /** Halves of the rows that may be looked at alone afterwards. */
  readonly halves?: Halves;
}

/**
 * The k nearest other rows of each row by Euclidean distance; a row's copies are others. Exact: n (n - 1) / 2 distances by
 * float32 products (pair-scan.ts), and whatever these leave in doubt in float64, so that the result is that
 * of `squaredDistance` everywhere, ties going to the lower row.
 *
 * @param features row-major `[n, width]`
 * @throws GanEvalError `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToNeighbourhoods(
  features: Features,
  options: NeighbourhoodOptions,
): Promise<Neighbourhoods> {
  const { k, role = "real", halves } = options;
  checkRows(features, role);
  const exact = (i: number, j: number): number => squaredDistance(features, i, features, j);
  const cuts = halves && { count: halves.count, own: halves.ofRow, others: halves.ofRow };
  const finder = new NearestFinder(features.rows, k, exact, cuts);
  const visit = (i: number, j: number, low: number, high: number): void => {
    finder.offer(i, j, low, high);
    finder.offer(j, i, low, high);
  };
  await scanPairs({ a: features, reachA: finder.reach, reachB: finder.reach, visit }, options);
  return { features, role, k, ...(halves && { halves }), nearest: finder.finish() };
}

/** Squared radii of rows that are left out: nothing is within. */
export const LEFT_OUT = -1;

/**
 * [n] The squared distance of each row to its k-th nearest other, or of each row of a half to its k-th nearest other of
 * that half; `LEFT_OUT` for the rows of the other half.
 * @param flag what sets k, if anything does
 * @throws GanEvalError `input.too-few-samples`
 */
export function neighbourhoodsToRadii(
  { features, halves, nearest, role }: Neighbourhoods,
  k: number,
  flag: string | undefined,
  half?: Half,
): Float64Array {
  return Float64Array.from({ length: features.rows }, (_, row) => {
    if (half && halves && !isInHalf(halves, row, half)) return LEFT_OUT;
    const at = findNearest(nearest, row, k, half?.cut);
    if (at < 0) throw tooFew(k, features.rows, role, flag, half !== undefined);
    return nearest.squared[at];
  });
}

const ROLE_NAMES: Readonly<Record<Role, string>> = { real: "real", fake: "fake", heldOut: "held-out" };

function tooFew(
  k: number,
  rows: number,
  role: Role,
  flag: string | undefined,
  isHalf: boolean,
): GanEvalError {
  const part = isHalf ? ` in each half of them for an interval, got ${rows} in all` : `, got ${rows}`;
  const fewer = flag === undefined ? "" : `, or fewer neighbours with ${flag}`;
  return new GanEvalError(
    "input.too-few-samples",
    `expected at least ${k + 1} samples on the ${ROLE_NAMES[role]} side for ${k} neighbours of each${part}`,
    { hint: `Give more images${fewer}; what neighbours say begins to mean something at a few thousand.` },
  );
}

/**
 * Throws `usage.neighbours` where k is no number of neighbours, `input.too-few-samples` where a side has no k others.
 * @param flag what sets k, if anything does
 * @param isHalf whether each half of a side is to have them
 */
export function checkNeighbours(
  k: number,
  sides: Readonly<Partial<Record<Role, Features>>>,
  flag?: string,
  isHalf = false,
): void {
  if (!Number.isInteger(k) || k < 1)
    throw new GanEvalError(
      "usage.neighbours",
      `expected a whole number of neighbours from 1 on${flag === undefined ? "" : ` for ${flag}`}, got ${k}`,
      { hint: "Papers report 3 or 5." },
    );
  for (const [role, { rows }] of Object.entries(sides) as [Role, Features][])
    if ((isHalf ? Math.floor(rows / 2) : rows) <= k) throw tooFew(k, rows, role, flag, isHalf);
}
