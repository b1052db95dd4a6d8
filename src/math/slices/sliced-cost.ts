/** Transport costs along directions: what sliced Wasserstein distances are means of. */

import type { ComputeContext } from "../compute-context.ts";
import { centreFeatures, checkSides, sidesToMean } from "../features/centred-features.ts";
import { FLOAT_TILE, type FloatProducts, openFloatProducts } from "../features/float-products.ts";
import type { Features } from "../features/statistics.ts";
import type { Quarters, QuarterValues } from "../intervals/split-halves.ts";
import { openFloatSorter } from "./float-sort.ts";

type Sorted = Float32Array | Float64Array;

/** Of a distance along the line: itself, or its square. */
export type Power = 1 | 2;

/**
 * Wasserstein-p distance to the power p of the first n of `x` and the first m of `y`, both ascending: the integral of
 * |F^-1 - G^-1|^p, exact for unequal numbers too.
 */
export function sortedToCost(x: Sorted, y: Sorted, power: Power, n = x.length, m = y.length): number {
  let sum = 0;
  if (n === m) {
    for (let i = 0; i < n; i++) {
      const distance = Math.abs(x[i]! - y[i]!);
      sum += power === 1 ? distance : distance * distance;
    }
    return sum / n;
  }
  // Mass is counted in parts of 1 / (n m), so that its sums are whole numbers.
  for (let i = 0, j = 0, moved = 0; i < n && j < m; ) {
    const [endX, endY] = [(i + 1) * m, (j + 1) * n];
    const end = Math.min(endX, endY);
    const distance = Math.abs(x[i]! - y[j]!);
    sum += (end - moved) * (power === 1 ? distance : distance * distance);
    moved = end;
    if (end === endX) i++;
    if (end === endY) j++;
  }
  return sum / (n * m);
}

/** Floats of projections held at a time, a side. */
const HELD = 2 ** 24;
/** Directions of one product: more bring nothing. */
const MOST_DIRECTIONS = 128;

/** Shows the projections of both sides' rows on each direction, about their common mean; the next one overwrites them. */
async function project(
  sides: readonly [Features, Features],
  directions: Features,
  { threads, signal, progress }: ComputeContext,
  use: (a: Float32Array, b: Float32Array) => void,
): Promise<void> {
  checkSides([...sides, directions]);
  const mean = sidesToMean(sides);
  const centred = sides.map((side) => centreFeatures(side, mean));
  const most = Math.max(...sides.map(({ rows }) => rows));
  const step = Math.max(1, Math.min(MOST_DIRECTIONS, Math.floor(HELD / most), directions.rows));
  const held = sides.map(({ rows }) => new Float32Array(step * rows));
  const products = await openFloatProducts({
    width: directions.width,
    ...(threads !== undefined && { threads }),
  });
  try {
    for (let from = 0; from < directions.rows; from += step) {
      const count = Math.min(step, directions.rows - from);
      for (const [side, features] of centred.entries()) {
        signal?.throwIfAborted();
        await projectSide(products, directions, [from, count], features, held[side]!);
      }
      const [a, b] = sides.map(({ rows }) => rows) as [number, number];
      for (let k = 0; k < count; k++)
        use(held[0]!.subarray(k * a, (k + 1) * a), held[1]!.subarray(k * b, (k + 1) * b));
      progress?.(from + count, directions.rows);
    }
  } finally {
    await products.close();
  }
}

/** Into `to`, [count, rows]. */
async function projectSide(
  products: FloatProducts,
  directions: Features,
  [from, count]: readonly [number, number],
  features: Features,
  to: Float32Array,
): Promise<void> {
  for (let i = 0; i < features.rows; i += FLOAT_TILE) {
    const rows = Math.min(FLOAT_TILE, features.rows - i);
    const tile = await products.product(directions, from, count, features, i, rows);
    for (let k = 0; k < count; k++) to.set(tile.subarray(k * rows, (k + 1) * rows), k * features.rows + i);
  }
}

/**
 * The mean over directions u of W_p(Au, Bu)^p for rows A [n, d] and B [m, d] and directions [count, d]. Projections in
 * float32 about the common mean, which moves no distance; costs in float64.
 */
export async function sidesToSlicedCost(
  sides: readonly [Features, Features],
  directions: Features,
  power: Power,
  context: ComputeContext = {},
): Promise<number> {
  const sorters = sides.map(({ rows }) => openFloatSorter(rows));
  let sum = 0;
  await project(sides, directions, context, (a, b) => {
    sorters[0]!.sort(a);
    sorters[1]!.sort(b);
    sum += sortedToCost(a, b, power);
  });
  return sum / directions.rows;
}

/** The same of halves and quarters of both sides' rows: each projection is sorted once. */
export async function slicedCostsOfQuarters(
  sides: readonly [Features, Features],
  cuts: readonly Quarters[],
  directions: Features,
  power: Power,
  context: ComputeContext = {},
): Promise<QuarterValues<number>[]> {
  const lanes = sides.map(({ rows }, side) => openLane(rows, cuts[side]!));
  const count = Math.min(...cuts.map((each) => each.count));
  // Of each cut two halves and four quarters.
  const sums = new Float64Array(6 * count);
  await project(sides, directions, context, (...projections) => {
    const [a, b] = lanes.map((lane, side) => lane.sort(projections[side]!));
    for (let cut = 0; cut < count; cut++) {
      const [ofA, ofB] = [a!(cut), b!(cut)];
      for (let part = 0; part < 6; part++)
        sums[6 * cut + part]! += sortedToCost(ofA[part]!, ofB[part]!, power);
    }
  });
  return Array.from({ length: count }, (_, cut) => {
    const [half, other, ...quarters] = sums
      .subarray(6 * cut, 6 * (cut + 1))
      .map((sum) => sum / directions.rows) as unknown as [number, number, number, number, number, number];
    return { halves: [half, other], quarters };
  });
}

type Parts = readonly Float32Array[];

/** Sorts a side's projection; then gives, by each cut, the two halves and four quarters of it, each in order. */
function openLane(rows: number, { ofRow }: Quarters): { sort(values: Float32Array): (cut: number) => Parts } {
  const sorter = openFloatSorter(rows);
  const memory = new Float32Array(2 * rows);
  const sizes = ofRow.map((quarterOf) => {
    const four = [0, 0, 0, 0];
    for (const quarter of quarterOf) four[quarter]!++;
    return four as [number, number, number, number];
  });
  return {
    sort: (values) => {
      const places = sorter.sortWithPlaces(values);
      return (cut) => {
        const quarterOf = ofRow[cut]!;
        const [first, second, , fourth] = sizes[cut]!;
        const starts = [0, first + second, rows, rows + first, rows + first + second, 2 * rows - fourth];
        const next = Int32Array.from(starts);
        for (let i = 0; i < rows; i++) {
          const quarter = quarterOf[places[i]!]!;
          memory[next[quarter >> 1]!++] = values[i]!;
          memory[next[2 + quarter]!++] = values[i]!;
        }
        return starts.map((start, part) => memory.subarray(start, next[part]!));
      };
    },
  };
}
