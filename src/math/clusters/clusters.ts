/** k-means: the bins in which PRD and NDB count samples. */

import type { ComputeContext } from "../compute-context.ts";
import { FLOAT_TILE, type FloatProducts, openFloatProducts } from "../features/float-products.ts";
import { type Features, selectRows } from "../features/statistics.ts";
import { createRandomState, type RandomState } from "../random/random-state.ts";

export interface ClusterOptions {
  /** Centres of one run. */
  readonly clusters: number;
  /** Independent runs, which differ in their first centres. */
  readonly runs: number;
  readonly seed: number;
}

/** Centres move by more rows than this many for each of them only a little: of more, as many are drawn. */
const ROWS_A_CENTRE = 500;
const MOST_ROUNDS = 100;
/** A run has settled when fewer rows than this share change their centre in a round. */
const SETTLED = 1e-3;
/** A squared distance below this share of the squared norm may be rounding of float32 products. */
const ROUNDING = 1e-5;

/**
 * Rows of several sides one after another, less `mean`, times `scale`: [n, d]. Near the origin, float32 products keep the
 * digits that distances are made of.
 */
export function sidesToRows(sides: readonly Features[], mean: Float32Array, scale?: Float64Array): Features {
  const width = mean.length;
  const rows = sides.reduce((sum, side) => sum + side.rows, 0);
  const data = new Float32Array(rows * width);
  let at = 0;
  for (const side of sides)
    for (let r = 0; r < side.rows; r++)
      for (let j = 0; j < width; j++, at++)
        data[at] = (side.data[r * width + j]! - mean[j]!) * (scale ? scale[j]! : 1);
  return { data, rows, width };
}

/**
 * Centres [runs clusters, d] of k-means by Euclidean distance: first centres by k-means++ (each next one a row drawn with
 * probability in proportion to its squared distance from the nearest so far), then Lloyd's rounds until fewer than 1 in
 * 1,000 rows change their centre, 100 at most. A centre without rows moves to the row farthest from its own. All runs
 * advance together, so that a round is one matrix product of all rows with all centres, in float32; sums are in float64.
 * Of more than 500 rows a centre, as many are drawn, the same for all runs.
 *
 * One seed gives one result. The first centres depend on the order of the rows. scikit-learn's KMeans and
 * MiniBatchKMeans, drawn otherwise, are matched in distribution only.
 * Sources: Lloyd 1982; Arthur & Vassilvitskii 2007.
 *
 * @param rows finite, at least as many as clusters, best centred (`sidesToRows`)
 */
export async function rowsToCentres(
  rows: Features,
  { clusters, runs, seed }: ClusterOptions,
  { threads, signal, progress }: ComputeContext = {},
): Promise<Features> {
  const random = createRandomState(seed);
  const fitted = drawRows(rows, ROWS_A_CENTRE * clusters, random);
  const products = await openFloatProducts({ width: rows.width, ...(threads && { threads }) });
  try {
    const centres = await drawFirstCentres(products, fitted, { clusters, runs }, random);
    const partition = openPartition(fitted, centres, runs);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      signal?.throwIfAborted();
      const moved = await moveCentres(products, partition);
      if (moved < SETTLED * fitted.rows) break;
      progress?.(round + 1, MOST_ROUNDS);
    }
    return centres;
  } finally {
    await products.close();
  }
}

/**
 * The nearest centre of each row, of each run: [runs] of [n], numbers 0 to clusters - 1. Of two centres whose distances
 * differ by float32 rounding only, either.
 */
export async function rowsToLabels(
  rows: Features,
  centres: Features,
  runs: number,
  { threads }: ComputeContext = {},
): Promise<Int32Array[]> {
  const labels = Array.from({ length: runs }, () => new Int32Array(rows.rows));
  const products = await openFloatProducts({ width: rows.width, ...(threads && { threads }) });
  try {
    await findNearest(products, rows, centres, runs, (run, row, label) => {
      labels[run]![row] = label;
    });
  } finally {
    await products.close();
  }
  return labels;
}

/** How many rows have each label, by the part of the rows they are in: [parts][clusters]. */
export function labelsToCounts(
  labels: Int32Array,
  clusters: number,
  parts: number,
  partOf: (row: number) => number,
): Float64Array[] {
  const counts = Array.from({ length: parts }, () => new Float64Array(clusters));
  labels.forEach((label, row) => {
    counts[partOf(row)]![label]!++;
  });
  return counts;
}

/** At most `most` rows, in their order. */
function drawRows(rows: Features, most: number, random: RandomState): Features {
  if (rows.rows <= most) return rows;
  const drawn = new Set(random.choice(rows.rows, most));
  return selectRows(rows, (row) => drawn.has(row));
}

/** [n] |x|^2 */
function squaredNorms({ data, rows, width }: Features): Float64Array {
  return Float64Array.from({ length: rows }, (_, r) => {
    let sum = 0;
    for (let at = r * width; at < (r + 1) * width; at++) sum += data[at]! ** 2;
    return sum;
  });
}

const uniform = (random: RandomState): number => random.next() * 2 ** -32;

/** A place drawn in proportion to the weights, or to none where all are zero. */
function drawWeighted(weights: Float64Array, random: RandomState): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = uniform(random);
  if (total === 0) return Math.floor(drawn * weights.length);
  let left = drawn * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) break;
  }
  return last;
}

async function drawFirstCentres(
  products: FloatProducts,
  rows: Features,
  { clusters, runs }: Pick<ClusterOptions, "clusters" | "runs">,
  random: RandomState,
): Promise<Features> {
  const { data, rows: n, width } = rows;
  const norms = squaredNorms(rows);
  const centres: Features = {
    data: new Float32Array(runs * clusters * width),
    rows: runs * clusters,
    width,
  };
  // The newest centre of each run, and each row's squared distance from the nearest of a run's.
  const newest: Features = { data: new Float32Array(runs * width), rows: runs, width };
  const nearest = Array.from({ length: runs }, () => new Float64Array(n).fill(1));
  for (let c = 0; c < clusters; c++) {
    const chosen = nearest.map((weights) => drawWeighted(weights, random));
    chosen.forEach((row, run) => {
      const values = data.subarray(row * width, (row + 1) * width);
      centres.data.set(values, (run * clusters + c) * width);
      newest.data.set(values, run * width);
      if (c === 0) nearest[run]!.fill(Number.POSITIVE_INFINITY);
    });
    for (let from = 0; from < n; from += FLOAT_TILE) {
      const count = Math.min(FLOAT_TILE, n - from);
      const tile = await products.product(rows, from, count, newest, 0, runs);
      for (let r = 0; r < count; r++)
        for (let run = 0; run < runs; run++) {
          const scale = norms[from + r]! + norms[chosen[run]!]!;
          const squared = scale - 2 * tile[r * runs + run]!;
          const distance = squared > ROUNDING * scale ? squared : 0;
          if (distance < nearest[run]![from + r]!) nearest[run]![from + r] = distance;
        }
    }
  }
  return centres;
}

/** Which row is with which centre, and the sums that centres are the means of. */
interface Partition {
  readonly rows: Features;
  readonly norms: Float64Array;
  readonly centres: Features;
  readonly runs: number;
  readonly clusters: number;
  /** [runs n], -1 at first */
  readonly labels: Int32Array;
  /** [runs clusters] */
  readonly counts: Float64Array;
  /** [runs clusters, d] */
  readonly sums: Float64Array;
}

const openPartition = (rows: Features, centres: Features, runs: number): Partition => ({
  rows,
  norms: squaredNorms(rows),
  centres,
  runs,
  clusters: centres.rows / runs,
  labels: new Int32Array(runs * rows.rows).fill(-1),
  counts: new Float64Array(centres.rows),
  sums: new Float64Array(centres.rows * centres.width),
});

function relabel(partition: Partition, run: number, row: number, label: number): void {
  const { rows, clusters, labels, counts, sums } = partition;
  const { data, width } = rows;
  const add = (to: number, sign: number): void => {
    const centre = run * clusters + to;
    counts[centre]! += sign;
    for (let j = 0; j < width; j++) sums[centre * width + j]! += sign * data[row * width + j]!;
  };
  const before = labels[run * rows.rows + row]!;
  if (before >= 0) add(before, -1);
  add(label, 1);
  labels[run * rows.rows + row] = label;
}

/** One of Lloyd's rounds; the most rows of a run that have a new centre. */
async function moveCentres(products: FloatProducts, partition: Partition): Promise<number> {
  const { rows, norms, centres, runs, clusters, labels, counts, sums } = partition;
  const { width, rows: n } = rows;
  const moved = new Float64Array(runs);
  const distances = new Float64Array(runs * n);
  await findNearest(products, rows, centres, runs, (run, row, label, score) => {
    distances[run * n + row] = norms[row]! + 2 * score;
    if (labels[run * n + row] === label) return;
    relabel(partition, run, row, label);
    moved[run]!++;
  });
  for (let centre = 0; centre < counts.length; centre++)
    if (counts[centre] === 0) {
      const run = Math.floor(centre / clusters);
      const own = distances.subarray(run * n, (run + 1) * n);
      const farthest = own.reduce((best, distance, row) => (distance > own[best]! ? row : best), 0);
      // Fewer different rows than clusters: some stay empty.
      if (own[farthest]! <= ROUNDING * norms[farthest]!) continue;
      relabel(partition, run, farthest, centre % clusters);
      own[farthest] = 0;
      moved[run]!++;
    }
  for (let centre = 0; centre < counts.length; centre++)
    for (let j = 0; counts[centre]! > 0 && j < width; j++)
      centres.data[centre * width + j] = sums[centre * width + j]! / counts[centre]!;
  return moved.reduce((most, count) => Math.max(most, count), 0);
}

/** Calls `found` with every row's nearest centre of every run; the score is |c|^2 / 2 - x'c, of equal ones the first. */
async function findNearest(
  products: FloatProducts,
  rows: Features,
  centres: Features,
  runs: number,
  found: (run: number, row: number, label: number, score: number) => void,
): Promise<void> {
  const clusters = centres.rows / runs;
  const halves = squaredNorms(centres).map((norm) => norm / 2);
  for (let from = 0; from < rows.rows; from += FLOAT_TILE) {
    const count = Math.min(FLOAT_TILE, rows.rows - from);
    const tile = await products.product(rows, from, count, centres, 0, centres.rows);
    for (let r = 0; r < count; r++)
      for (let run = 0; run < runs; run++) {
        let best = Number.POSITIVE_INFINITY;
        let label = 0;
        for (let c = 0, at = run * clusters; c < clusters; c++, at++) {
          const score = halves[at]! - tile[r * centres.rows + at]!;
          if (score < best) {
            best = score;
            label = c;
          }
        }
        found(run, from + r, label, best);
      }
  }
}
