import type { Blocks, Role, SideData, Sides } from "../../../src/metrics/metric.ts";
import type { Features } from "../../../src/metrics/statistics.ts";
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

/** Rows in `count` blocks, in no order. */
export function toBlocks(role: Role, rows: number, count: number): Blocks {
  const uniform = mulberry32(rows + count);
  return { role, count, ofRow: Int32Array.from({ length: rows }, () => Math.floor(count * uniform())) };
}

/** The sides without one block. */
export function withoutBlock(sides: Sides, { role, ofRow }: Blocks, block: number): Sides {
  const rows = [...ofRow.keys()].filter((row) => ofRow[row] !== block);
  return { ...sides, [role]: toSide(takeRows(sides[role]!.features!, rows)) };
}
