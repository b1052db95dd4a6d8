/** Where real samples lie, in bins, and how much of that place generated ones leave out. */

import type { ComputeContext } from "../compute-context.ts";
import { sidesToMean } from "../features/centred-features.ts";
import { checkSides } from "../features/check-features.ts";
import type { Features } from "../features/statistics.ts";
import { rowsToCentres, rowsToLabels, sidesToRows } from "./clusters.ts";
import type { Mixture } from "./mode-coverage.ts";

/** A partition of the space that samples live in. */
export interface ReferenceBins {
  /** [bins] Shares of the reference, which sum to 1. */
  readonly shares: Float64Array;
  /** [bins] Shares of other samples; each belongs to the nearest centre, however far it is. */
  toShares(samples: Features): Promise<Float64Array>;
}

/** How samples are spread over bins. */
export interface BinCoverage {
  /** The reference's share that lies in bins where samples are missing; 0 of a perfect generator. */
  readonly missing: number;
  /** The bin with the largest share of samples, and that share. */
  readonly topBin: number;
  readonly topShare: number;
}

const MOST_BINS = 50;
/** So many rows a bin that an honest bin is never missing: Poisson(20) is below 4 once in 300,000. */
const ROWS_A_BIN = 20;
/** A bin is missing where samples have less than this part of its share. */
const MISSING_PART = 0.2;

const labelsToShares = (labels: Int32Array, bins: number): Float64Array => {
  const shares = new Float64Array(bins);
  for (const label of labels) shares[label] += 1 / labels.length;
  return shares;
};

/** Bins for `rows` samples; at least 2. */
export const rowsToBinCount = (rows: number): number =>
  Math.max(2, Math.min(MOST_BINS, Math.floor(rows / ROWS_A_BIN)));

/**
 * Bins that are k-means clusters of reference features [n, d] (`rowsToCentres`), for `samples` samples or more: min(50, n /
 * 20, samples / 20) of them.
 * @throws GanEvalError `input.too-few-samples`, `input.features-not-finite`
 */
export async function featuresToBins(
  reference: Features,
  { samples, seed, ...context }: { readonly samples: number; readonly seed: number } & ComputeContext,
): Promise<ReferenceBins> {
  checkSides(reference, reference);
  const clusters = rowsToBinCount(Math.min(reference.rows, samples));
  const mean = sidesToMean([reference]);
  const rows = sidesToRows([reference], mean);
  const centres = await rowsToCentres(rows, { clusters, runs: 1, seed }, context);
  const toShares = async (of: Features): Promise<Float64Array> => {
    checkSides(reference, of);
    const [labels] = await rowsToLabels(sidesToRows([of], mean), centres, 1, context);
    return labelsToShares(labels, clusters);
  };
  return { shares: await toShares(reference), toShares };
}

/** The modes of a mixture, equally frequent. */
export function mixtureToBins({ centres, d }: Mixture): ReferenceBins {
  const modes = centres.length / d;
  const nearest = (data: Float32Array, at: number): number => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let mode = 0; mode < modes; mode++) {
      let squared = 0;
      for (let k = 0; k < d; k++) squared += (data[at + k] - centres[mode * d + k]) ** 2;
      if (squared < least) [best, least] = [mode, squared];
    }
    return best;
  };
  return {
    shares: new Float64Array(modes).fill(1 / modes),
    toShares: async ({ data, rows }) =>
      labelsToShares(
        Int32Array.from({ length: rows }, (_, i) => nearest(data, i * d)),
        modes,
      ),
  };
}

/**
 * missing = sum of the reference's shares r_b over the bins b whose share f_b of samples is below r_b / 5: with equal bins
 * the rule that a class is missing whose share is below 1 / (5 classes). Quality plays no part: a blurred sample still
 * belongs somewhere.
 */
export function sharesToCoverage(reference: Float64Array, samples: Float64Array): BinCoverage {
  let [missing, topBin] = [0, 0];
  for (let bin = 0; bin < reference.length; bin++) {
    if (samples[bin] < MISSING_PART * reference[bin]) missing += reference[bin];
    if (samples[bin] > samples[topBin]) topBin = bin;
  }
  return { missing, topBin, topShare: samples[topBin] };
}
