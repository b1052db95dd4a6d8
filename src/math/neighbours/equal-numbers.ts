/** Draws rows so that both sides have the same number. */

import type { MemoContext } from "../compute-context.ts";
import type { Features } from "../features/statistics.ts";
import { createRandomState } from "../random/random-state.ts";

/** `count` rows of a side, drawn by seed without replacement, in their order; the side itself where it has no more. */
export function drawRows(
  features: Features,
  count: number,
  seed: number,
  { memo }: Pick<MemoContext, "memo">,
): Features {
  const { data, rows, width } = features;
  if (rows <= count) return features;
  return memo(features, `${count} rows of seed ${seed}`, () => {
    const drawn = new Float32Array(count * width);
    const positions = createRandomState(seed).choice(rows, count).sort();
    positions.forEach((row, i) => {
      drawn.set(data.subarray(row * width, (row + 1) * width), i * width);
    });
    return { data: drawn, rows: count, width };
  });
}
