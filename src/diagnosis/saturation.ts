/** Whether a discriminator is never in doubt any more, by what its loss is. */
import { isBad, toEvidence } from "./evidence.ts";
import { columnOf, LEAST_RECORDS, lastRounds, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Evidence } from "./verdict.ts";

/** Records in the window that may be in doubt: a batch is a sample. */
const DOUBTS = 0.05;

export type Saturation =
  | { readonly evidence: readonly Evidence[]; readonly isSaturated: boolean }
  | { readonly unknown: string };

/**
 * D(x) > 0.95 and D(G(z)) < 0.05 in 95 % of the records of the last 200 rounds; for losses without probabilities the
 * discriminator's loss, less its penalty, below 5 % of its value at indecision.
 */
export function runToSaturation({ losses, loss, config }: RunSignals): Saturation {
  const { undecided } = loss;
  if (typeof undecided !== "number") return { unknown: `the ${loss.label} loss: ${undecided.silent}` };
  const rounds = THRESHOLDS.saturatedRounds.value;
  const window = lastRounds(losses, "discriminator_loss", rounds);
  const span = losses.rounds.length > 0 ? losses.rounds[losses.rounds.length - 1] : 0;
  if (!window || span < rounds || losses.rounds.length < LEAST_RECORDS)
    return {
      unknown: `expected ${rounds} rounds and ${LEAST_RECORDS} records, got ${span} and ${losses.rounds.length}`,
    };
  const start = losses.rounds.length - window.values.length;
  const of = (name: string): Float64Array => columnOf(losses, name).subarray(start);
  const isMostly = (values: Float64Array, holds: (value: number) => boolean): boolean =>
    values.filter(holds).length >= (1 - DOUBTS) * values.length;
  const more = { rounds: window.rounds };
  if (loss.isProbability) {
    const kept = 1 - (config.smoothing ?? 0);
    const real = of("real_score").map((score) => score / kept);
    const fake = of("fake_score");
    const evidence = [
      toEvidence("D(x)", median(real), "above", "saturatedReal", more),
      toEvidence("D(G(z))", median(fake), "below", "saturatedFake", more),
    ];
    const { saturatedReal, saturatedFake } = THRESHOLDS;
    const isSaturated =
      isMostly(real, (score) => score > saturatedReal.value) &&
      isMostly(fake, (score) => score < saturatedFake.value);
    return { evidence, isSaturated: isSaturated && evidence.every(isBad) };
  }
  if ((config.auxiliary ?? []).length > 0)
    return { unknown: "the discriminator's loss has additional terms" };
  const penalties = of("penalty");
  const shares = window.values.map((value, i) => (value - (penalties[i] || 0)) / undecided);
  const evidence = [
    toEvidence(
      "discriminator's loss over its value at indecision",
      median(shares),
      "below",
      "saturatedLoss",
      more,
    ),
  ];
  const isSaturated = isMostly(shares, (share) => share < THRESHOLDS.saturatedLoss.value);
  return { evidence, isSaturated: isSaturated && evidence.every(isBad) };
}
