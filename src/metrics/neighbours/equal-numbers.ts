import type { Blocks, MetricContext, Role } from "../metric.ts";
import { createRandomState } from "../random/random-state.ts";
import type { Features } from "../statistics.ts";

/** Rows of a side, and which they were. */
export interface DrawnRows {
  readonly features: Features;
  /** [rows] Their numbers among all; undefined where they are all. */
  readonly positions?: Int32Array;
}

/** `count` rows of a side, drawn by seed without replacement, in their order; the side itself where it has no more. */
export function drawRows(
  features: Features,
  count: number,
  seed: number,
  { once }: Pick<MetricContext, "once">,
): DrawnRows {
  const { data, rows, width } = features;
  if (rows <= count) return { features };
  return once(features, `${count} rows of seed ${seed}`, () => {
    const positions = createRandomState(seed).choice(rows, count).sort();
    const drawn = new Float32Array(count * width);
    positions.forEach((row, i) => {
      drawn.set(data.subarray(row * width, (row + 1) * width), i * width);
    });
    return { features: { data: drawn, rows: count, width }, positions };
  });
}

/** The blocks of the rows that were drawn. */
export function drawBlocks(blocks: Blocks, role: Role, { positions }: DrawnRows): Blocks {
  if (blocks.role !== role || positions === undefined) return blocks;
  return { ...blocks, ofRow: positions.map((row) => blocks.ofRow[row]) };
}
