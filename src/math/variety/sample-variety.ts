/** How different the samples of one set are from each other, and from real ones: medians of distances to the nearest. */
import { type Features, selectRows } from "../features/statistics.ts";
import { medianOf } from "../median.ts";
import { findNearest } from "../neighbours/nearest-finder.ts";
import { rowsToNearestOf } from "../neighbours/nearest-of.ts";
import { featuresToNeighbourhoods, neighbourhoodsToRadii } from "../neighbours/neighbourhoods.ts";
import { aloneWith } from "../neighbours/shared.ts";
import { createRandomState } from "../random/random-state.ts";

interface Threading {
  readonly threads?: number;
}

/** Each row that occurs once, and of equal rows the first: a data set may hold its images twice. */
export function distinctRows(features: Features): Features {
  const { data, rows, width } = features;
  const words = new Int32Array(data.buffer, data.byteOffset, data.length);
  const known = new Map<number, number[]>();
  const isFirst = new Uint8Array(rows);
  const isEqual = (a: number, b: number): boolean => {
    for (let k = 0; k < width; k++) if (words[a * width + k] !== words[b * width + k]) return false;
    return true;
  };
  for (let row = 0; row < rows; row++) {
    let hash = 0;
    for (let k = 0; k < width; k++) hash = (Math.imul(hash, 31) + words[row * width + k]) | 0;
    const alike = known.get(hash) ?? [];
    if (alike.some((other) => isEqual(other, row))) continue;
    known.set(hash, [...alike, row]);
    isFirst[row] = 1;
  }
  return isFirst.every((is) => is === 1) ? features : selectRows(features, (row) => isFirst[row] === 1);
}

/** [n] The distance of each row to its nearest other. */
async function featuresToNearest(features: Features, { threads }: Threading): Promise<Float64Array> {
  const neighbourhoods = await featuresToNeighbourhoods(features, { k: 1, ...(threads && { threads }) });
  return neighbourhoodsToRadii(neighbourhoods, 1, undefined).map(Math.sqrt);
}

/** The median distance of a sample to its nearest other one. @throws GanEvalError `input.too-few-samples` */
export const featuresToNearestOther = async (features: Features, options: Threading = {}): Promise<number> =>
  medianOf(await featuresToNearest(features, options));

/**
 * The median, over fake samples, of the distance to the nearest real one over that one's distance to its nearest other:
 *
 *     median_j |fake_j - real_i| / |real_i - real_l|,  i the nearest real sample of j, l the nearest other one of i
 *
 * Real samples that are equal count once.
 *
 * @throws GanEvalError `input.too-few-samples` for fewer than two real samples that differ
 */
export async function openNearestRealRatio(
  real: Features,
  options: Threading = {},
): Promise<(fake: Features) => Promise<number>> {
  const distinct = distinctRows(real);
  const own = await featuresToNearest(distinct, options);
  return async (fake) => {
    const nearest = await rowsToNearestOf(fake, distinct, undefined, aloneWith(options));
    return medianOf(
      Float64Array.from({ length: fake.rows }, (_, j) => {
        const at = findNearest(nearest, j, 1);
        return Math.sqrt(nearest.squared[at]) / own[nearest.who[at]];
      }),
    );
  };
}

/**
 * How far samples are from real ones: `openNearestRealRatio` over what it is of a half of the real samples against the other
 * half. 1 where real and generated samples are of one distribution, also of a part of it, for few kinds of good samples are as
 * near as all kinds.
 *
 * @throws GanEvalError `input.too-few-samples` for fewer than four real samples that differ
 */
export async function openRealDistance(
  real: Features,
  { seed, ...options }: { readonly seed: number } & Threading,
): Promise<(fake: Features) => Promise<number>> {
  const distinct = distinctRows(real);
  const order = createRandomState(seed).permutation(distinct.rows);
  const first = new Set(order.subarray(0, distinct.rows >> 1));
  const half = selectRows(distinct, (row) => first.has(row));
  const other = selectRows(distinct, (row) => !first.has(row));
  const floor = await (await openNearestRealRatio(half, options))(other);
  const measure = await openNearestRealRatio(distinct, options);
  return async (fake) => (await measure(fake)) / floor;
}

/** The row of `others` that is nearest to each of `rows`. */
export async function rowsToNearestRows(
  rows: Features,
  others: Features,
  options: Threading = {},
): Promise<Int32Array> {
  const nearest = await rowsToNearestOf(rows, others, undefined, aloneWith(options));
  return Int32Array.from({ length: rows.rows }, (_, row) => nearest.who[findNearest(nearest, row, 1)]);
}
