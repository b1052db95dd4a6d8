/** Samples that are copies of training samples. */
import { type EvidenceMore, isBad, toEvidence } from "./evidence.ts";
import { isOfMakers, lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { SetSignals } from "./set-signals.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Finding } from "./verdict.ts";

interface Nearness {
  /** Of the samples, those nearer to a training one than to any held out. */
  readonly share: number;
  /** Median distance to the nearest training sample over that to the nearest held-out one. */
  readonly ratio: number;
  readonly ofShare: EvidenceMore;
  readonly ofRatio: EvidenceMore;
}

/**
 * Both together. Samples that are blurred or of few kinds all have the same few nearest images, and whether these were
 * trained on is chance: nine of ten may be nearer to a training one without a copy among them, but not half as far.
 */
function nearnessToFinding({ share, ratio, ofShare, ofRatio }: Nearness): Finding {
  const evidence = [
    toEvidence("samples nearer to a training one than to any held out", share, "above", "nearerShare", {
      floor: 0.5,
      ...ofShare,
    }),
    toEvidence("distance to the nearest training sample over held-out one", ratio, "below", "copiedRatio", {
      floor: 1,
      ...ofRatio,
    }),
  ];
  if (!evidence.every(isBad)) return { clear: evidence };
  return {
    holds: evidence,
    summary: `${(100 * share).toFixed(0)} % of the samples are closer to a training image than to any held-out one; the median distance ratio is ${ratio.toPrecision(2)}`,
  };
}

export function runToMemorisation(run: RunSignals): Finding {
  if (isOfMakers(run))
    return {
      unknown: "what is made of held-out images follows them: copies of training images are not looked for",
    };
  const { signals } = run;
  const nearer = lastScorings(signals, "nearer_share");
  if (!nearer)
    return {
      unknown:
        "no evaluation held samples against training images and held-out ones (images with --eval-every N)",
    };
  const more = { rounds: nearer.rounds };
  return nearnessToFinding({
    share: median(nearer.values),
    ratio: median(lastScorings(signals, "neighbour_ratio")?.values ?? []),
    ofShare: more,
    ofRatio: more,
  });
}

/** With held-out samples by whom fakes are nearer to; without, by how many of them real ones would call authentic. */
export function setsToMemorisation({ scores, realDistance }: SetSignals): Finding {
  const nearer = scores.get("nearer_to_real_share");
  const ratio = scores.get("neighbour_distance_ratio");
  if (nearer && ratio)
    return nearnessToFinding({
      share: nearer.value,
      ratio: ratio.value,
      ofShare: nearer.interval ? { interval: nearer.interval } : {},
      ofRatio: ratio.interval ? { interval: ratio.interval } : {},
    });
  const authentic = scores.get("authpct");
  if (!authentic?.floor) return { unknown: "needs held-out samples, or a real-vs-real AuthPct" };
  const { value, floor, interval } = authentic;
  const evidence = toEvidence("AuthPct over real against real", value / floor, "below", "authenticShare", {
    floor: 1,
    ...(interval && { interval: [interval[0] / floor, interval[1] / floor] as const }),
  });
  // Noise is nearest to few images that stand alone, and looks authentic or not by chance.
  if (!isBad(evidence) || realDistance >= THRESHOLDS.unlikeReal.value) return { clear: [evidence] };
  return {
    holds: [evidence],
    summary: `${value.toFixed(0)} % of the samples are authentic, against ${floor.toFixed(0)} % of other real ones`,
  };
}
