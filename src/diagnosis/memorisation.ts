/** Samples that are copies of training samples. */
import { isBad, toEvidence } from "./evidence.ts";
import { lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { SetSignals } from "./set-signals.ts";
import type { Evidence, Finding } from "./verdict.ts";

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
  const share = median(nearer.values);
  const evidence = toEvidence(
    "samples nearer to a training picture than to any held out",
    share,
    "above",
    "nearerShare",
    {
      floor: 0.5,
      rounds: nearer.rounds,
    },
  );
  return toFinding(
    [evidence],
    `${(100 * share).toFixed(0)} % of the samples are nearer to a training picture than to others`,
  );
}

/** With held-out samples by whom fakes are nearer to; without, by how many of them real ones would call authentic. */
export function setsToMemorisation({ scores }: SetSignals): Finding {
  const nearer = scores.get("nearer_to_real_share");
  if (nearer) {
    const { value, interval } = nearer;
    const evidence = toEvidence(
      "samples nearer to a real one than to any held out",
      value,
      "above",
      "nearerShare",
      {
        floor: 0.5,
        ...(interval && { interval }),
      },
    );
    return toFinding(
      [evidence],
      `${(100 * value).toFixed(0)} % of the samples are nearer to a training picture than to others`,
    );
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
