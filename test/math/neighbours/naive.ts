import type { Features } from "../../../src/math/features/statistics.ts";
import { CUTS, type Half, isInHalf, rowsToHalves } from "../../../src/math/intervals/split-halves.ts";
import type { Role } from "../../../src/math/role.ts";
import type { SideData, Sides } from "../../../src/metrics/metric.ts";
import { mulberry32, takeRows } from "../seeded-features.ts";

/** The definition, in float64. */
export function naiveSquared(a: Features, i: number, b: Features, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.width; k++) sum += (a.data[i * a.width + k] - b.data[j * b.width + k]) ** 2;
  return sum;
}

/** The k-th nearest other row's squared distance, row by row. */
export const naiveRadii = (of: Features, k: number): number[] =>
  Array.from(
    { length: of.rows },
    (_, i) =>
      Array.from({ length: of.rows }, (_, j) => naiveSquared(of, i, of, j))
        .filter((_, j) => j !== i)
        .sort((a, b) => a - b)[k - 1],
  );

/** Whole numbers below `levels`: full of ties and copies, and every distance exact. */
export function lattice(seed: number, rows: number, width: number, levels: number): Features {
  const uniform = mulberry32(seed);
  const data = Float32Array.from({ length: rows * width }, () => Math.floor(levels * uniform()));
  return { data, rows, width };
}

export const toSide = (features: Features): SideData => ({ count: features.rows, features });

const ROLES: readonly Role[] = ["real", "fake", "heldOut"];

/** A half of every side, by the cuts that a seed gives. */
export function sidesToHalf(sides: Sides, seed: number, half: Half): Sides {
  const entries = ROLES.flatMap((role, i) => {
    const features = sides[role]?.features;
    if (features === undefined) return [];
    const halves = rowsToHalves(features.rows, seed + i);
    const rows = [...Array(features.rows).keys()].filter((row) => isInHalf(halves, row, half));
    return [[role, toSide(takeRows(features, rows))]];
  });
  return Object.fromEntries(entries);
}

/** The first, one of the middle and the last of the cuts; both halves of each. */
export const SOME_HALVES: readonly Half[] = [0, 13, CUTS - 1].flatMap((cut) => [
  { cut, half: 0 },
  { cut, half: 1 },
]);
