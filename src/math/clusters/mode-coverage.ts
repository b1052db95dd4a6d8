/** How many modes of a known mixture a set of samples covers. */
import { GanEvalError } from "../../errors.ts";

/** A mixture of equal, round Gaussians in d dimensions. */
export interface Mixture {
  /** Row-major `[modes, d]`. */
  readonly centres: Float64Array;
  readonly d: number;
  readonly deviation: number;
}

export interface ModeCoverage {
  readonly modes: number;
  /** Modes with at least one sample of high quality. */
  readonly captured: number;
  /** Share of samples within three deviations (Euclidean) of the nearest centre: 0.9889 for a perfect sampler in 2-D. */
  readonly highQuality: number;
  /** `ln modes - H` of the nearest modes of samples of high quality, in nats: 0 where all are equally frequent. */
  readonly reverseKl: number;
  /** Samples of high quality at each mode. */
  readonly counts: Int32Array;
}

const REACH = 3;

/**
 * PacGAN's protocol (Lin et al. 2018, after Srivastava et al. 2017): a sample belongs to its nearest centre and is of
 * high quality within three standard deviations of it.
 *
 * @param samples row-major `[n, d]`
 * @throws GanEvalError `usage.samples` where there are none or their length does not fit
 */
export function samplesToModeCoverage(samples: Float32Array, mixture: Mixture): ModeCoverage {
  const { centres, d, deviation } = mixture;
  const n = samples.length / d;
  if (n === 0 || !Number.isInteger(n))
    throw new GanEvalError(
      "usage.samples",
      `expected samples of ${d} numbers each, got ${samples.length} numbers`,
    );
  const modes = centres.length / d;
  const counts = new Int32Array(modes);
  let highQuality = 0;
  for (let i = 0; i < n; i++) {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let mode = 0; mode < modes; mode++) {
      let squared = 0;
      for (let k = 0; k < d; k++) squared += (samples[i * d + k] - centres[mode * d + k]) ** 2;
      if (squared < least) [nearest, least] = [mode, squared];
    }
    if (least <= (REACH * deviation) ** 2) {
      counts[nearest]++;
      highQuality++;
    }
  }
  const entropy = counts.reduce((sum, count) => {
    const share = count / Math.max(1, highQuality);
    return share > 0 ? sum - share * Math.log(share) : sum;
  }, 0);
  return {
    modes,
    captured: counts.filter((count) => count > 0).length,
    highQuality: highQuality / n,
    reverseKl: Math.log(modes) - entropy,
    counts,
  };
}
