/** A discriminator that is never in doubt: the generator learns little of it, whatever its gradient. */
import type { RunSignals } from "./run-signals.ts";
import { runToSaturation } from "./saturation.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Finding } from "./verdict.ts";

export function runToDominance(run: RunSignals): Finding {
  const saturation = runToSaturation(run);
  if ("unknown" in saturation) return saturation;
  const { evidence, isSaturated, names } = saturation;
  const who = run.cast.judges.length === 1 ? "the discriminator" : names.join(" and ");
  const was = names.length > 1 ? "were" : "was";
  if (!isSaturated) return { clear: evidence };
  return {
    holds: evidence,
    summary: `for the last ${THRESHOLDS.saturatedRounds.value} rounds ${who} ${was} certain of nearly every sample`,
  };
}
