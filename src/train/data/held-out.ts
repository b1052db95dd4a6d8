/** Which images are trained on and which are held out. */
import { GanEvalError } from "../../errors.ts";
import { openRandomStream } from "../random.ts";
import { HELD_OUT_SEED } from "./opened-data.ts";

/** More would only slow evaluation down: from here on the bias of the Frechet distance is small. */
const MOST_HELD_OUT = 10_000;
const SHARE = 0.1;
/** Of fewer images a tenth says nothing, and training misses it. */
export const FEWEST_TO_SHARE = 200;

/** `n` of `count` positions, as far apart as they can be. */
export const spread = (count: number, n: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => Math.floor((i * count) / n));

/** How many of `count` images a share or count is, or the default: at most 10,000 of `share` of them. */
function heldOutToCount(heldOut: number | undefined, count: number, share: number): number {
  if (heldOut === undefined) return Math.min(MOST_HELD_OUT, Math.floor(share * count));
  if (heldOut >= 0 && heldOut < 1) return Math.round(heldOut * count);
  if (Number.isInteger(heldOut) && heldOut > 0) return heldOut;
  throw new GanEvalError(
    "usage.held-out",
    `expected a share below 1 or a number of images to hold out, got ${heldOut}`,
  );
}

/** Positions of a test part that are used: all, or so many spread over it. */
export const testToPositions = (count: number, heldOut: number | undefined): Int32Array =>
  spread(count, Math.min(count, heldOutToCount(heldOut, count, 1)));

/**
 * Sets some positions apart, chosen by a permutation that is the same for every run. Both keep their order.
 * @throws GanEvalError `usage.held-out` where nothing is left to train on
 */
export function holdOut(
  positions: Int32Array,
  heldOut: number | undefined,
): { readonly train: Int32Array; readonly heldOut: Int32Array } {
  const count = positions.length;
  const share = count < FEWEST_TO_SHARE ? 0 : SHARE;
  const apart = heldOutToCount(heldOut, count, share);
  if (apart >= count)
    throw new GanEvalError(
      "usage.held-out",
      `expected fewer than ${count} of ${count} images to be held out, got ${apart}`,
      { hint: "Set fewer apart, or none: 0." },
    );
  const order = openRandomStream(HELD_OUT_SEED, "evaluation").permutation(count);
  const at = (chosen: Int32Array): Int32Array =>
    chosen
      .slice()
      .sort()
      .map((i) => positions[i]);
  return { train: at(order.subarray(0, count - apart)), heldOut: at(order.subarray(count - apart)) };
}
