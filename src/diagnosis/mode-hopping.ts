/** Mode hopping: few modes at a time, and others at every look. */
import { isBad, toEvidence } from "./evidence.ts";
import { isOfMakers, lastScorings, MAKERS_UNKNOWN, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { Finding } from "./verdict.ts";

/** Scorings that are looked at, and the fewest that say something. */
const [MOST, LEAST] = [10, 4];

/**
 * Google's course on GANs: generators that "rotate through a small set of output types". The most frequent mode of a
 * scoring is held against that of the one before; near equal modes change places by chance, so most must be left out.
 */
export function runToHopping(run: RunSignals): Finding {
  if (isOfMakers(run)) return { unknown: MAKERS_UNKNOWN };
  const { signals } = run;
  const top = lastScorings(signals, "top_bin", MOST);
  const missing = lastScorings(signals, "missing_share", MOST);
  const shares = lastScorings(signals, "top_share", MOST);
  if (!top || !missing || !shares || top.values.length < LEAST)
    return {
      unknown: `expected ${LEAST} evaluations or more, got ${signals.rounds.length}: train with a smaller --eval-every`,
    };
  const changes = top.values.subarray(1).filter((bin, i) => bin !== top.values[i]).length;
  const share = changes / (top.values.length - 1);
  const leftOut = median(missing.values);
  const more = { rounds: top.rounds };
  const evidence = [
    toEvidence("evaluations with another most frequent mode", share, "above", "hoppingChanges", more),
    toEvidence("share of the most frequent mode", median(shares.values), "above", "hoppingTop", more),
    toEvidence("share of the real data left out", leftOut, "above", "hoppingMissing", { floor: 0, ...more }),
  ];
  if (!evidence.every(isBad)) return { clear: evidence };
  return {
    holds: evidence,
    summary: `the most frequent mode changed ${changes} times in ${top.values.length} evaluations, each of which leaves out ${(100 * leftOut).toFixed(0)} % of the data`,
  };
}
