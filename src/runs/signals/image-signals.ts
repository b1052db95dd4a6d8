/** What generated images show without a network between: whether they repeat themselves, and which classes they are of. */
import { featuresToBins, sharesToCoverage } from "../../math/clusters/reference-bins.ts";
import type { Features } from "../../math/features/statistics.ts";
import { openViewComparison } from "../../math/variety/compare-views.ts";
import { type ImageViews, pixelsToViews } from "../../math/variety/image-views.ts";
import { rowsToNearestRows } from "../../math/variety/sample-variety.ts";
import type { ImageArrays } from "../../train/training-data.ts";

/** A class is missing where samples have less than this part of its share. */
const MISSING_PART = 0.2;
/** Real images, at most so many: samples take the class of the one whose thumbnail is nearest. */
const MOST_LABELLED = 5000;
/** Thumbnails whose nearest others are of other classes than they say nothing of classes. */
const LEAST_AGREEMENT = 0.6;
const SEED = 2020;
/** Of expectation and maximisation: the shares move by less than 1e-3 after a few hundred. */
const STEPS = 500;

interface Threading {
  readonly threads?: number;
}

const firstRows = ({ data, rows, width }: Features, count: number): Features => {
  const kept = Math.min(count, rows);
  return { data: data.subarray(0, kept * width), rows: kept, width };
};

const rowsFrom = ({ data, rows, width }: Features, start: number): Features => ({
  data: data.subarray(start * width),
  rows: rows - start,
  width,
});

const labelsToShares = (labels: ArrayLike<number>, classes: number): Float64Array => {
  const shares = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) shares[labels[i]] += 1 / labels.length;
  return shares;
};

/** exp(H): so many equally frequent classes would be as uncertain. */
const sharesToEffectiveCount = (shares: Float64Array): number =>
  Math.exp(-shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0));

/** [classes][classes] Of real images of a class, the shares of the classes that the nearest thumbnails have. */
interface Confusion {
  readonly rows: readonly Float64Array[];
  /** The share of images whose nearest thumbnail is of their class. */
  readonly agreement: number;
}

/** Asks a fifth of the thumbnails, and answers with the others. */
async function toConfusion(
  thumbnails: Features,
  labels: Int32Array,
  classes: number,
  options: Threading,
): Promise<Confusion> {
  const asked = Math.ceil(thumbnails.rows / 5);
  const nearest = await rowsToNearestRows(firstRows(thumbnails, asked), rowsFrom(thumbnails, asked), options);
  const rows = Array.from({ length: classes }, () => new Float64Array(classes));
  for (let i = 0; i < asked; i++) rows[labels[i]][labels[asked + nearest[i]]]++;
  const agreement = rows.reduce((sum, row, k) => sum + row[k], 0) / asked;
  // A class that was never asked for is taken for itself.
  for (const [k, row] of rows.entries()) {
    const total = row.reduce((sum, count) => sum + count, 0);
    if (total === 0) row[k] = 1;
    else for (let j = 0; j < classes; j++) row[j] /= total;
  }
  return { rows, agreement };
}

/**
 * The shares of classes that are seen as `seen` through a confusion: the most likely ones, by expectation and maximisation
 * (Saerens et al. 2002). Shirts that are taken for pullovers are shirts again.
 */
function seenToShares(seen: Float64Array, rows: readonly Float64Array[]): Float64Array {
  let shares = new Float64Array(seen.length).fill(1 / seen.length);
  for (let step = 0; step < STEPS; step++) {
    const expected = seen.map((_, j) => rows.reduce((sum, row, k) => sum + shares[k] * row[j], 0));
    const next = shares.map(
      (share, k) =>
        share * rows[k].reduce((sum, p, j) => sum + (expected[j] > 0 ? (p * seen[j]) / expected[j] : 0), 0),
    );
    const total = next.reduce((sum, share) => sum + share, 0);
    shares = next.map((share) => share / total);
  }
  return shares;
}

/** Undefined where the data have no classes, or thumbnails do not tell them. */
async function openClassSignals(
  thumbnail: Features,
  { labels = new Int32Array(0), classes = 0 }: ImageArrays,
  options: Threading,
) {
  if (classes < 2) return undefined;
  const known = firstRows(thumbnail, MOST_LABELLED);
  const { rows, agreement } = await toConfusion(known, labels, classes, options);
  if (agreement < LEAST_AGREEMENT) return undefined;
  const reference = labelsToShares(labels.subarray(0, known.rows), classes);
  const effective = sharesToEffectiveCount(reference);
  return async ({ thumbnail: samples }: ImageViews): Promise<Record<string, number>> => {
    const nearest = await rowsToNearestRows(samples, known, options);
    const seen = labelsToShares(
      Array.from(nearest, (row) => labels[row]),
      classes,
    );
    const shares = seenToShares(seen, rows);
    const missing = reference.filter((share, k) => shares[k] < MISSING_PART * share);
    return {
      class_diversity: sharesToEffectiveCount(shares) / effective,
      class_missing: missing.reduce((sum, share) => sum + share, 0),
    };
  };
}

/** The share of the real thumbnails in bins (k-means clusters) that samples leave out. */
async function openThumbnailBins(thumbnail: Features, samples: number, options: Threading) {
  const known = firstRows(thumbnail, samples);
  const bins = await featuresToBins(known, { samples, seed: 0, ...options });
  return async (views: ImageViews): Promise<number> =>
    sharesToCoverage(bins.shares, await bins.toShares(views.thumbnail)).missing;
}

/**
 * - `nearest_ratio`: see `ViewComparison.nearest`; 1 is best.
 * - `thumbnail_distance`, `middle_distance`: how far samples are from real ones in each view (`openRealDistance`); 1 is best.
 * - `thumbnail_missing`: the share of the real images in bins of thumbnails that samples leave out; 0 is best.
 * - of data whose classes thumbnails tell, from the classes of the nearest real ones (`seenToShares`): `class_diversity`, the number of
 *   equally frequent classes of the same entropy over that of the real ones; 1 is best. `class_missing`, the share of the real
 *   images in classes of which samples have less than a fifth; 0 is best.
 *
 * @param real in an order of their own, so that the first of them are of all classes
 * @param count samples in an evaluation
 */
export async function openImageSignals(
  real: ImageArrays,
  count: number,
  options: Threading = {},
): Promise<(samples: ImageArrays) => Promise<Record<string, number>>> {
  const views = pixelsToViews(real.pixels, real.shape);
  const compared = {
    thumbnail: firstRows(views.thumbnail, count),
    middle: firstRows(views.middle, count),
  };
  const compare = await openViewComparison(compared, { seed: SEED, ...options });
  const toMissing = await openThumbnailBins(views.thumbnail, count, options);
  const toClasses = await openClassSignals(views.thumbnail, real, options);
  return async (samples) => {
    const made = pixelsToViews(samples.pixels, samples.shape);
    const { nearest, distance } = await compare(made);
    return {
      nearest_ratio: nearest,
      thumbnail_distance: distance.thumbnail,
      middle_distance: distance.middle,
      thumbnail_missing: await toMissing(made),
      ...(await toClasses?.(made)),
    };
  };
}
