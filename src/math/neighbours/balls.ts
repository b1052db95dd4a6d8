/** Balls around samples: squared radii to the k-th nearest neighbour. */
import type { Warning } from "../../errors.ts";
import { cutsToHalves } from "../intervals/split-halves.ts";
import type { Role } from "../role.ts";
import { type Neighbourhoods, neighbourhoodsToRadii } from "./neighbourhoods.ts";

/** [n], [m] Squared radii of both sides' rows; `LEFT_OUT` where a row takes no part. */
export interface Balls {
  readonly real: Float64Array;
  readonly fake: Float64Array;
}

interface TwoNeighbourhoods {
  readonly real: Neighbourhoods;
  readonly fake: Neighbourhoods;
}

/**
 * The balls of all rows.
 * @param flag what sets k, if anything does
 * @throws GanEvalError `input.too-few-samples`
 */
export const neighboursToBalls = ({ real, fake }: TwoNeighbourhoods, k: number, flag?: string): Balls => ({
  real: neighbourhoodsToRadii(real, k, flag),
  fake: neighbourhoodsToRadii(fake, k, flag),
});

/** [2 cuts] The balls of the one half and the other of both sides' rows, cut by cut. */
export function neighboursToHalfBalls(
  { real, fake }: TwoNeighbourhoods,
  k: number,
  flag: string | undefined,
): Balls[] {
  const cuts = Math.min(real.halves?.count ?? 0, fake.halves?.count ?? 0);
  return cutsToHalves(cuts).map((half) => ({
    real: neighbourhoodsToRadii(real, k, flag, half),
    fake: neighbourhoodsToRadii(fake, k, flag, half),
  }));
}

/** Rows that take part. */
export const countOf = (radii: Float64Array): number =>
  radii.reduce((count, radius) => count + (radius >= 0 ? 1 : 0), 0);

/** Says where copies leave rows without a ball. */
export function warnOfZeroRadii(
  radii: Float64Array,
  role: Role,
  { k, flag, effect }: { readonly k: number; readonly flag: string; readonly effect: string },
  warn: (warning: Warning) => void,
): void {
  const zero = radii.reduce((count, radius) => count + (radius === 0 ? 1 : 0), 0);
  if (zero === 0) return;
  const percent = ((100 * zero) / radii.length).toFixed(1);
  warn({
    code: "zero-radii",
    message: `${zero} of ${radii.length} ${role} rows (${percent} %) have at least ${k} copies of themselves, so their balls have radius zero: ${effect}`,
    hint: `Look for duplicate images on the ${role} side and leave them out, or take more neighbours with ${flag}.`,
  });
}
