/** Samples that are copies of training samples. */
import { type EvidenceMore, isBad, toEvidence } from "./evidence.ts";
import { lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { SetSignals } from "./set-signals.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Evidence, Finding } from "./verdict.ts";

interface Nearness {
  /** Of the samples, those nearer to a training one than to any held out; what it says of real ones is 0.5. */
  readonly share: number;
  /** Median distance to the nearest training sample over that to the nearest held-out one. */
  readonly ratio: number;
  readonly spread: number;
  /** Of a set: `SetSignals.nearest`. */
  readonly nearest?: number;
  readonly more: EvidenceMore;
}

/**
 * Samples that are nearly one thing all have one nearest picture, and whether that was trained on is chance: of these
 * only the ratio says something, where it is small.
 */
function nearnessToFinding({ share, ratio, spread, nearest = 1, more }: Nearness): Finding {
  const { copiedSpread, collapseNearest, copiedRatio } = THRESHOLDS;
  const isOneThing = spread <= copiedSpread.value || nearest <= collapseNearest.value;
  if (isOneThing && !(ratio <= copiedRatio.value))
    return {
      unknown: `samples are ${spread.toPrecision(2)} times as far from each other as real ones, or again and again the same: which pictures they are nearest to is chance`,
    };
  return toFinding(
    [
      toEvidence("samples nearer to a training one than to any held out", share, "above", "nearerShare", {
        floor: 0.5,
        ...more,
      }),
    ],
    `${(100 * share).toFixed(0)} % of the samples are nearer to a training picture than to others`,
  );
}

function toFinding(evidence: readonly Evidence[], summary: string): Finding {
  return evidence.some(isBad) ? { holds: evidence, summary } : { clear: evidence };
}

export function runToMemorisation({ signals }: RunSignals): Finding {
  const nearer = lastScorings(signals, "nearer_share");
  if (!nearer)
    return {
      unknown:
        "no scoring held samples against training pictures and others set apart (pictures with --eval-every N)",
    };
  const of = (name: string): number => median(lastScorings(signals, name)?.values ?? []);
  return nearnessToFinding({
    share: median(nearer.values),
    ratio: of("neighbour_ratio"),
    spread: of("spread_ratio"),
    more: { rounds: nearer.rounds },
  });
}

/** With held-out samples by whom fakes are nearer to; without, by how many of them real ones would call authentic. */
export function setsToMemorisation({ scores, spread, nearest }: SetSignals): Finding {
  const nearer = scores.get("nearer_to_real_share");
  if (nearer) {
    const { value, interval } = nearer;
    return nearnessToFinding({
      share: value,
      ratio: scores.get("neighbour_distance_ratio")?.value ?? Number.NaN,
      spread,
      ...(nearest !== undefined && { nearest }),
      more: interval ? { interval } : {},
    });
  }
  const authentic = scores.get("authpct");
  if (!authentic?.floor) return { unknown: "neither held-out samples nor AuthPct of real against real" };
  const { value, floor, interval } = authentic;
  const evidence = toEvidence("AuthPct over real against real", value / floor, "below", "authenticShare", {
    floor: 1,
    ...(interval && { interval: [interval[0] / floor, interval[1] / floor] as const }),
  });
  return toFinding(
    [evidence],
    `${value.toFixed(0)} % of the samples are authentic, of other real ones ${floor.toFixed(0)} %`,
  );
}
