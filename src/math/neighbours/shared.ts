/** What the metrics of neighbours have in common, found once for all of them. */

import type { MemoContext } from "../compute-context.ts";
import { checkSides } from "../features/check-features.ts";
import type { Features } from "../features/statistics.ts";
import { type Halves, rowsToHalves } from "../intervals/split-halves.ts";
import { memoPair } from "../memo-pair.ts";
import { ROLES, type Role } from "../role.ts";
import { type CrossPairs, neighbourhoodsToCrossPairs } from "./cross-pairs.ts";
import { checkNeighbours, featuresToNeighbourhoods, type Neighbourhoods } from "./neighbourhoods.ts";

/** As many as any metric asks for by default: one search serves them all. */
const USUAL = 5;

/** The halves of a side's rows, the same for all metrics; sides are cut each in its own way. */
export const shareHalves = (features: Features, role: Role, seed: number, { memo }: MemoContext): Halves =>
  memo(features, `halves of ${role}, seed ${seed}`, () =>
    rowsToHalves(features.rows, (seed + ROLES.indexOf(role)) >>> 0),
  );

/** At least `k` neighbours of each row of a side, within its halves too where they are given. */
export function shareNeighbourhoods(
  features: Features,
  role: Role,
  k: number,
  context: MemoContext,
  halves?: Halves,
): Promise<Neighbourhoods> {
  const all = Math.max(k, USUAL);
  return context.memo(halves ?? features, `${all} neighbours, ${role}`, () =>
    featuresToNeighbourhoods(features, {
      k: all,
      role,
      ...context,
      ...(halves && { halves }),
    }),
  );
}

export interface CrossNeighbours {
  readonly real: Neighbourhoods;
  readonly fake: Neighbourhoods;
  readonly crossPairs: CrossPairs;
}

export interface TwoSides {
  readonly real: Features;
  readonly fake: Features;
}

/**
 * Both sides with at least `k` neighbours of each row, and their cross pairs.
 * @param flag what sets k, if anything does
 * @param halvesSeed where halves of the rows are asked for
 * @throws GanEvalError `input.feature-width`, `input.features-not-finite`, `usage.neighbours`, `input.too-few-samples`
 */
export async function shareCrossNeighbours(
  { real, fake }: TwoSides,
  { k, flag }: { readonly k: number; readonly flag?: string },
  context: MemoContext,
  halvesSeed?: number,
): Promise<CrossNeighbours> {
  checkSides(real, fake);
  checkNeighbours(k, { real, fake }, flag, halvesSeed !== undefined);
  const share = (side: Features, role: Role): Promise<Neighbourhoods> => {
    const halves = halvesSeed === undefined ? undefined : shareHalves(side, role, halvesSeed, context);
    return shareNeighbourhoods(side, role, k, context, halves);
  };
  const sides = { real: await share(real, "real"), fake: await share(fake, "fake") };
  const crossPairs = await memoPair(context, sides.real, sides.fake, "cross pairs", () =>
    neighbourhoodsToCrossPairs(sides.real, sides.fake, context),
  );
  return { ...sides, crossPairs };
}

/** A context for one measurement: nothing is kept. */
export const aloneWith = (options: { readonly threads?: number }): MemoContext => ({
  ...options,
  progress: () => {},
  memo: (_of, _key, compute) => compute(),
});
