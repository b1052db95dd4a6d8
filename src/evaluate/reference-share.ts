/** How much of an interval is of the real images, which all results against them have in common. */
import type { InputRecord, IntervalRecord } from "./result.ts";

/** Sides of a comparison, by their numbers of images. */
type Counts = { readonly [Role in "real" | "fake"]?: Pick<InputRecord, "count"> };

/**
 * The share of an interval's variance that comes of the real images: what the jackknife found; 0 where they are held fixed or
 * there are none. Methods that cut both sides at once do not tell it: then images of both sides are taken to weigh the same,
 * which makes it m / (n + m) of n real images and m fake ones.
 */
export function intervalToReferenceShare(
  { referenceShare, fixed = [] }: Pick<IntervalRecord, "referenceShare" | "fixed">,
  { real, fake }: Counts,
): number {
  if (referenceShare !== undefined) return referenceShare;
  if (real === undefined || fixed.includes("real")) return 0;
  const [n, m] = [real.count ?? 1, fake?.count ?? real.count ?? 1];
  return n + m > 0 ? m / (n + m) : 0;
}
