/** What generated samples say of their generator's health, recorded at every scoring: diagnosis judges it. */

import { type ReferenceBins, sharesToCoverage } from "../../math/clusters/reference-bins.ts";
import type { Features } from "../../math/features/statistics.ts";
import { featuresToSpread } from "../../math/variety/sample-spread.ts";
import { openRealDistance } from "../../math/variety/sample-variety.ts";
import { featuresToNeighbourRatio } from "../../metrics/nn-ratio.ts";
import type { ImageArrays } from "../../train/training-data.ts";
import { openImageSignals } from "./image-signals.ts";

/** What samples are held against. */
export interface SignalReference {
  /** Of real samples. */
  readonly features: Features;
  readonly bins: ReferenceBins;
  /** Samples that were trained on and as many that were not, where copies can be told by them. */
  readonly memory?: { readonly seen: Features; readonly heldOut: Features };
  /** Of images, the real ones. */
  readonly images?: ImageArrays;
  readonly threads?: number;
}

const SEED = 2020;

/**
 * - `spread_ratio`: mean distance of two samples over that of two real ones; 1 is best.
 * - `missing_share`: the part of the real samples that lies in bins (a mixture's modes, or clusters) which the generator
 *   leaves out; 0 is best. `top_bin`, `top_share`: the bin with most samples, and their share.
 * - `real_distance`, of images: how far samples are from real ones (`openRealDistance`); 1 is best. Beside it what `openImageSignals` says.
 * - `neighbour_ratio`, `nearer_share`: nearest training sample against nearest held-out one; 1 and 0.5 are best.
 */
export async function openSampleSignals({
  features,
  bins,
  memory,
  images,
  threads,
}: SignalReference): Promise<(samples: Features, images?: ImageArrays) => Promise<Record<string, number>>> {
  const spread = featuresToSpread(features, SEED);
  const threading = threads === undefined ? {} : { threads };
  const toRealDistance = images && (await openRealDistance(features, { seed: SEED, ...threading }));
  const toImageSignals = images && (await openImageSignals(images, features.rows, threading));
  return async (samples, of) => {
    // Of a generator that has diverged there is nothing to say here.
    if (!samples.data.every(Number.isFinite)) return {};
    const { missing, topBin, topShare } = sharesToCoverage(bins.shares, await bins.toShares(samples));
    const copied =
      memory && (await featuresToNeighbourRatio(memory.seen, samples, memory.heldOut, threading));
    return {
      spread_ratio: featuresToSpread(samples, SEED) / spread,
      missing_share: missing,
      top_bin: topBin,
      top_share: topShare,
      ...(toRealDistance && { real_distance: await toRealDistance(samples) }),
      ...(of && (await toImageSignals?.(of))),
      ...(copied && { neighbour_ratio: copied.ratio, nearer_share: copied.nearer }),
    };
  };
}
