/** A run that was still getting better when it ended; samples that are not like real ones yet. */
import { isBad, toEvidence } from "./evidence.ts";
import type { RunSignals } from "./run-signals.ts";
import type { SetSignals } from "./set-signals.ts";
import type { Finding } from "./verdict.ts";

const LEAST_SCORINGS = 6;

/** Distances that fall as the generator learns; the first that was scored is looked at. */
const isDistance = (name: string): boolean => name === "sliced_wasserstein" || name.startsWith("frechet_");

/**
 * What the best of the last third gained on the best of before, and what it leaves to be gained: both as shares of the
 * worst. A run that gains where next to nothing is left is a good one that gets better.
 */
export function runToUnderTraining({ scores }: RunSignals): Finding {
  const name = [...scores.columns.keys()].find(isDistance);
  const values = (name !== undefined && scores.columns.get(name)) || new Float64Array(0);
  const n = values.length;
  if (name === undefined || n < LEAST_SCORINGS)
    return {
      unknown: `expected ${LEAST_SCORINGS} scorings of a distance, got ${n}: train with a smaller --eval-every`,
    };
  const cut = n - Math.ceil(n / 3);
  const [before, after] = [values.subarray(0, cut), values.subarray(cut)].map((part) => Math.min(...part));
  const worst = Math.max(...values);
  const more = { rounds: [scores.rounds[cut], scores.rounds[n - 1]] as const };
  const evidence = [
    toEvidence(
      `what ${name} gained in the last third`,
      (before - after) / worst,
      "above",
      "improvement",
      more,
    ),
    toEvidence(`what is left of ${name}`, after / worst, "above", "remaining", more),
  ];
  if (!evidence.every(isBad)) return { clear: evidence };
  return {
    holds: evidence,
    summary: `${name} fell from ${before.toPrecision(3)} to ${after.toPrecision(3)} in the last third of the run`,
  };
}

/** Sets that are not alike: few samples among the real ones, or none with a real one as its nearest. */
export function setsToUnderTraining({ scores }: SetSignals): Finding {
  const [precision, accuracy] = ["precision", "nearest_neighbour_accuracy_fake"].map((name) =>
    scores.get(name),
  );
  if (!precision?.floor) return { unknown: "no precision of real against real" };
  const { value, floor, interval } = precision;
  const evidence = [
    toEvidence("precision over real against real", value / floor, "below", "precisionShare", {
      floor: 1,
      ...(interval && { interval: [interval[0] / floor, interval[1] / floor] as const }),
    }),
    ...(accuracy
      ? [
          toEvidence("samples whose nearest other is generated", accuracy.value, "above", "fakeAccuracy", {
            ...(accuracy.floor !== undefined && { floor: accuracy.floor }),
            ...(accuracy.interval && { interval: accuracy.interval }),
          }),
        ]
      : []),
  ];
  if (!evidence.some(isBad)) return { clear: evidence };
  return {
    holds: evidence.filter(isBad),
    summary:
      "samples are not like real ones yet: too little training, too small a network, or another kind of picture",
  };
}
