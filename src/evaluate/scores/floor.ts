/** Real against real: the value that a perfect generator would have at these numbers of samples. */

import { createRandomState } from "../../math/random/random-state.ts";
import type { Metric, SideData, Sides } from "../../metrics/metric.ts";
import { sideOfRows } from "../sides/side-rows.ts";

export interface FloorSides {
  readonly sides: Sides;
  /** Samples that stand for the real side, and for the fake one. */
  readonly real: number;
  readonly fake: number;
  /** What stands for the fake side: other real images, or a part of the same. */
  readonly of: "real" | "heldOut";
}

/** Fewer than this on a side are no reference. */
const LEAST = 4;

const sideToRows = (side: SideData | undefined): number | undefined =>
  side && (side.features?.rows ?? side.logits?.rows ?? side.spatialFeatures?.rows ?? side.images?.length);

/** `count` of `rows` by seed, as a test of a row's place. */
function drawRows(rows: number, count: number, seed: number): (row: number) => boolean {
  const drawn = new Uint8Array(rows);
  for (const row of createRandomState(seed).permutation(rows).subarray(0, count)) drawn[row] = 1;
  return (row) => drawn[row] === 1;
}

/**
 * Sides of a floor: held-out images in the fake side's place, as many as it has; where there are none, the real side
 * cut in two by seed, no row in both: as many as the fake side has, at most half, against the rest. Undefined where the
 * real side has no rows.
 */
export function sidesToFloorSides(
  sides: Sides,
  row: Metric,
  { seed, threads }: { readonly seed: number; readonly threads?: number },
): FloorSides | undefined {
  const threading = threads === undefined ? {} : { threads };
  const rows = sideToRows(sides.real);
  const wanted = sideToRows(sides.fake) ?? sides.fake.count ?? Number.POSITIVE_INFINITY;
  const heldOut = row.needs.heldOut === undefined ? sideToRows(sides.heldOut) : undefined;
  if (heldOut !== undefined && sides.real) {
    const fake = Math.min(wanted, heldOut);
    const side =
      fake < heldOut ? sideOfRows(sides.heldOut!, drawRows(heldOut, fake, seed), threading) : sides.heldOut!;
    return {
      sides: { ...sides, fake: side },
      real: sides.real.count ?? rows ?? 0,
      fake,
      of: "heldOut",
    };
  }
  if (rows === undefined || rows < 2 * LEAST) return undefined;
  const fake = Math.min(wanted, Math.floor(rows / 2));
  const isFake = drawRows(rows, fake, seed);
  return {
    sides: {
      ...sides,
      fake: sideOfRows(sides.real!, isFake, threading),
      real: sideOfRows(sides.real!, (i) => !isFake(i), threading),
    },
    real: rows - fake,
    fake,
    of: "real",
  };
}
