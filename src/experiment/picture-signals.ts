/** What generated pictures show without a network between: whether they repeat themselves, and which classes they are of. */
import { featuresToBins, sharesToCoverage } from "../metrics/clusters/reference-bins.ts";
import { pixelsToViews, VIEWS, type ViewName } from "../metrics/pictures/picture-views.ts";
import { distinctRows, featuresToNearestOther, rowsToNearestRows } from "../metrics/sample-variety.ts";
import type { PictureArrays } from "../train/training-data.ts";

const NAMES = Object.keys(VIEWS) as ViewName[];

/** A class is missing where samples have less than this part of its share. */
const MISSING_PART = 0.2;

/** Real pictures that thumbnails are sorted by. */
const MOST_SORTED = 2000;
/** Real pictures with a class each, at most so many: samples take the class of the nearest. */
const MOST_LABELLED = 5000;

function firstPictures({ pixels, shape, labels }: PictureArrays, count: number): PictureArrays {
  const stride = shape.reduce((product, side) => product * side, 1);
  return {
    pixels: pixels.subarray(0, count * stride),
    shape,
    ...(labels && { labels: labels.subarray(0, count) }),
  };
}

const countOf = ({ pixels, shape: [height, width, channels] }: PictureArrays): number =>
  pixels.length / (height * width * channels);

const labelsToShares = (labels: ArrayLike<number>, classes: number): Float64Array => {
  const shares = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) shares[labels[i]] += 1 / labels.length;
  return shares;
};

/** exp(H): so many equally frequent classes would be as uncertain. */
const sharesToEffectiveCount = (shares: Float64Array): number =>
  Math.exp(-shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0));

async function openClassSignals(real: PictureArrays, threading: { readonly threads?: number }) {
  const { labels = new Int32Array(0), classes = 0 } = real;
  if (classes < 2) return undefined;
  const labelled = firstPictures(real, Math.min(countOf(real), MOST_LABELLED));
  const thumbnails = pixelsToViews(labelled.pixels, labelled.shape).thumbnail;
  const reference = labelsToShares(labelled.labels!, classes);
  const effective = sharesToEffectiveCount(reference);
  return async (samples: PictureArrays): Promise<Record<string, number>> => {
    const { thumbnail } = pixelsToViews(samples.pixels, samples.shape);
    const nearest = await rowsToNearestRows(thumbnail, thumbnails, threading);
    const shares = labelsToShares(
      Array.from(nearest, (row) => labels[row]),
      classes,
    );
    return {
      class_diversity: sharesToEffectiveCount(shares) / effective,
      class_missing: reference.reduce(
        (sum, share, k) => sum + (shares[k] < MISSING_PART * share ? share : 0),
        0,
      ),
    };
  };
}

/** Which part of the real thumbnails lies in bins that samples leave out. */
async function openThumbnailBins(real: PictureArrays, threading: { readonly threads?: number }) {
  const { pixels, shape } = firstPictures(real, Math.min(countOf(real), MOST_SORTED));
  const { thumbnail } = pixelsToViews(pixels, shape);
  const bins = await featuresToBins(thumbnail, { samples: thumbnail.rows, seed: 0, ...threading });
  return async (samples: PictureArrays): Promise<number> => {
    const shares = await bins.toShares(pixelsToViews(samples.pixels, samples.shape).thumbnail);
    return sharesToCoverage(bins.shares, shares).missing;
  };
}

/**
 * - `nearest_ratio`: the median distance of a sample to its nearest other one over that of as many real ones, in the view
 *   (picture-views.ts) where it is larger; 1 is best, 0 of one thing again and again. Grain is alike in thumbnails, details
 *   are alike where nothing is drawn: what is made again and again is alike in both.
 * - `thumbnail_missing`: the share of the real pictures in bins (k-means clusters of thumbnails) that samples leave out; 0 is
 *   best.
 * - of data with classes, samples taking that of the real picture whose thumbnail is nearest: `class_diversity`, the number
 *   of equally frequent classes of the same entropy over that of the real ones; 1 is best. `class_missing`, the share of the real
 *   pictures in classes of which samples have less than a fifth; 0 is best.
 *
 * @param real in an order of their own, so that the first of them are of all classes
 */
export async function openPictureSignals(
  real: PictureArrays,
  threading: { readonly threads?: number } = {},
): Promise<(samples: PictureArrays) => Promise<Record<string, number>>> {
  const toClasses = await openClassSignals(real, threading);
  const toMissing = await openThumbnailBins(real, threading);
  const references = new Map<number, Promise<readonly number[]>>();
  const toNearest = (pictures: PictureArrays, count: number, isReal: boolean): Promise<number[]> => {
    const some = firstPictures(pictures, count);
    const views = pixelsToViews(some.pixels, some.shape);
    return Promise.all(
      NAMES.map((name) =>
        featuresToNearestOther(isReal ? distinctRows(views[name]) : views[name], threading),
      ),
    );
  };
  return async (samples) => {
    const count = Math.min(countOf(real), countOf(samples));
    if (!references.has(count)) references.set(count, toNearest(real, count, true));
    const ofReal = await references.get(count)!;
    const ofSamples = await toNearest(samples, count, false);
    return {
      nearest_ratio: Math.max(...ofSamples.map((distance, view) => distance / ofReal[view])),
      thumbnail_missing: await toMissing(samples),
      ...(await toClasses?.(samples)),
    };
  };
}
