import type { Warning } from "../../errors.ts";
import type { Blocks, Role } from "../metric.ts";
import { type Neighbourhoods, neighbourhoodsToRadii } from "../neighbourhoods.ts";

/** [n], [m] Squared radii of both sides' rows; `LEFT_OUT` where a row takes no part. */
export interface Balls {
  readonly real: Float64Array;
  readonly fake: Float64Array;
}

/**
 * The balls of all rows (one element), or those with each block left out.
 * @param flag what sets k, if anything does
 * @throws GanEvalError `input.too-few-samples`
 */
export function meetingToBalls(
  { real, fake }: { readonly real: Neighbourhoods; readonly fake: Neighbourhoods },
  k: number,
  flag?: string,
  blocks?: Blocks,
): Balls[] {
  if (blocks === undefined)
    return [{ real: neighbourhoodsToRadii(real, k, flag), fake: neighbourhoodsToRadii(fake, k, flag) }];
  const all = {
    real: blocks.role === "real" ? undefined : neighbourhoodsToRadii(real, k, flag),
    fake: blocks.role === "fake" ? undefined : neighbourhoodsToRadii(fake, k, flag),
  };
  return Array.from({ length: blocks.count }, (_, block) => ({
    real: all.real ?? neighbourhoodsToRadii(real, k, flag, block),
    fake: all.fake ?? neighbourhoodsToRadii(fake, k, flag, block),
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
    message: `${zero} of ${radii.length} ${role} rows (${percent} %) have ${k} copies or more of themselves, so that their balls have radius zero: ${effect}`,
    hint: `Look for duplicate pictures on the ${role} side and leave them out, or take more neighbours with ${flag}.`,
  });
}
