/** Whether a discriminator is never in doubt any more, by what its loss is. */

import type { CastJudge } from "../run-folder/cast.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { columnOf, judgeColumnOf, LEAST_RECORDS, lastRounds, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Evidence } from "./verdict.ts";

/** Records in the window that may be in doubt: a batch is a sample. */
const DOUBTS = 0.05;

interface KnownSaturation {
  readonly evidence: readonly Evidence[];
  readonly isSaturated: boolean;
  /** The discriminators that are. */
  readonly names: readonly string[];
}

export type Saturation = KnownSaturation | { readonly unknown: string };

/**
 * D(x) > 0.95 and D(G(z)) < 0.05 in 95 % of the records of the last 200 rounds; for losses without probabilities the
 * discriminator's loss, less its penalty, below 5 % of its value at indecision.
 */
function judgeToSaturation({ losses, loss, config }: RunSignals, judge: CastJudge): Saturation {
  const { isProbability = loss.isProbability } = judge;
  const { undecided } = loss;
  if (judge.isProbability === false && loss.isProbability)
    return { unknown: `${judge.name} has a loss of its own` };
  if (typeof undecided !== "number" && judge.isProbability !== true)
    return { unknown: `the ${loss.label} loss: ${(undecided as { silent: string }).silent}` };
  const rounds = THRESHOLDS.saturatedRounds.value;
  const window = lastRounds(losses, `${judge.player}_loss`, rounds);
  const span = losses.rounds.length > 0 ? losses.rounds[losses.rounds.length - 1] : 0;
  if (!window || span < rounds || losses.rounds.length < LEAST_RECORDS)
    return {
      unknown: `expected ${rounds} rounds and ${LEAST_RECORDS} records, got ${span} and ${losses.rounds.length}`,
    };
  const start = losses.rounds.length - window.values.length;
  const of = (name: string): Float64Array => columnOf(losses, name).subarray(start);
  const asked = (name: string): Float64Array =>
    of(judgeColumnOf(judge, name)).filter((x) => !Number.isNaN(x));
  const isMostly = (values: Float64Array, holds: (value: number) => boolean): boolean =>
    values.filter(holds).length >= (1 - DOUBTS) * values.length;
  const more = { rounds: window.rounds };
  const names = [judge.name];
  if (isProbability) {
    const kept = 1 - (config.smoothing ?? 0);
    const real = asked("real_score").map((score) => score / kept);
    const fake = asked("fake_score");
    const evidence = [
      toEvidence(`D(x)${judge.of}`, median(real), "above", "saturatedReal", more),
      toEvidence(`D(G(z))${judge.of}`, median(fake), "below", "saturatedFake", more),
    ];
    const { saturatedReal, saturatedFake } = THRESHOLDS;
    const isSaturated =
      isMostly(real, (score) => score > saturatedReal.value) &&
      isMostly(fake, (score) => score < saturatedFake.value);
    return { evidence, isSaturated: isSaturated && evidence.every(isBad), names };
  }
  if ((config.auxiliary ?? []).length > 0 || judge.hasMoreTerms)
    return { unknown: "the discriminator's loss has additional terms" };
  const penalties = of("penalty");
  const shares = window.values.map((value, i) => (value - (penalties[i] || 0)) / (undecided as number));
  const evidence = [
    toEvidence(
      judge.of === ""
        ? "discriminator's loss over its value at indecision"
        : `loss of ${judge.name} over its value at indecision`,
      median(shares),
      "below",
      "saturatedLoss",
      more,
    ),
  ];
  const isSaturated = isMostly(shares, (share) => share < THRESHOLDS.saturatedLoss.value);
  return { evidence, isSaturated: isSaturated && evidence.every(isBad), names };
}

/** Each discriminator by itself: saturated where one is, known where one is. */
export function runToSaturation(run: RunSignals): Saturation {
  const all = run.cast.judges.map((judge) => judgeToSaturation(run, judge));
  const known = all.filter((each): each is KnownSaturation => !("unknown" in each));
  if (known.length === 0) return all[0] ?? { unknown: "the model has no discriminator" };
  const saturated = known.filter(({ isSaturated }) => isSaturated);
  return {
    evidence: (saturated.length > 0 ? saturated : known).flatMap(({ evidence }) => evidence),
    isSaturated: saturated.length > 0,
    names: saturated.flatMap(({ names }) => names),
  };
}
