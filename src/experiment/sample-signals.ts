/** What generated samples say of their generator's health, recorded at every scoring: diagnosis judges it. */

import { type ReferenceBins, sharesToCoverage } from "../metrics/clusters/reference-bins.ts";
import type { Features } from "../metrics/features/statistics.ts";
import { featuresToNeighbourRatio } from "../metrics/neighbour-ratio.ts";
import { featuresToSpread } from "../metrics/sample-spread.ts";

/** What samples are held against. */
export interface SignalReference {
  /** Of real samples. */
  readonly features: Features;
  readonly bins: ReferenceBins;
  /** Samples that were trained on and as many that were not, where copies can be told by them. */
  readonly memory?: { readonly seen: Features; readonly heldOut: Features };
  readonly threads?: number;
}

const SEED = 2020;

/**
 * - `spread_ratio`: mean distance of two samples over that of two real ones; 1 is best.
 * - `missing_share`: the part of the real samples that lies in bins (a mixture's modes, or clusters) which the generator
 *   leaves out; 0 is best. `top_bin`, `top_share`: the bin with most samples, and their share.
 * - `neighbour_ratio`, `nearer_share`: nearest training sample against nearest held-out one; 1 and 0.5 are best.
 */
export function openSampleSignals({
  features,
  bins,
  memory,
  threads,
}: SignalReference): (samples: Features) => Promise<Record<string, number>> {
  const spread = featuresToSpread(features, SEED);
  return async (samples) => {
    // Of a generator that has diverged there is nothing to say here.
    if (!samples.data.every(Number.isFinite)) return {};
    const { missing, topBin, topShare } = sharesToCoverage(bins.shares, await bins.toShares(samples));
    const copied =
      memory &&
      (await featuresToNeighbourRatio(memory.seen, samples, memory.heldOut, threads ? { threads } : {}));
    return {
      spread_ratio: featuresToSpread(samples, SEED) / spread,
      missing_share: missing,
      top_bin: topBin,
      top_share: topShare,
      ...(copied && { neighbour_ratio: copied.ratio, nearer_share: copied.nearer }),
    };
  };
}
