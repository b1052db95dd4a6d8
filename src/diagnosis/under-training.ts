/** A run that was still getting better when it ended; samples that are not like real ones yet. */
import type { CastMaker } from "../run-folder/cast.ts";
import { type EvidenceMore, isBad, toEvidence } from "./evidence.ts";
import { lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import { type SetSignals, setsToUnexplained } from "./set-signals.ts";
import type { Evidence, Finding } from "./verdict.ts";

const LEAST_SCORINGS = 6;
/** Evaluations after which samples may be held against real ones: the first are bad in every run. */
const LEAST_TO_COMPARE = 3;

/** Distances that fall as the generator learns; the first that was scored is looked at. */
const isDistance = (name: string, makers: readonly CastMaker[]): boolean =>
  name === "sliced_wasserstein" ||
  ["", ...makers.map(({ prefix }) => prefix)].some((prefix) => name.startsWith(`${prefix}frechet_`));

/** Of features, and of two views of the images: a network that knows good images only may take bad ones for them. */
const DISTANCES = ["real_distance", "thumbnail_distance", "middle_distance"];

/** Samples of images that are not like real ones at the last evaluations, whether scores still fall or not. */
function toUnlike({ signals }: RunSignals): Evidence[] {
  if (signals.rounds.length < LEAST_TO_COMPARE) return [];
  const windows = DISTANCES.flatMap((name) => lastScorings(signals, name) ?? []);
  if (windows.length === 0) return [];
  const { rounds } = windows[0];
  return [unlikeReal(Math.max(...windows.map(({ values }) => median(values))), { rounds })];
}

const unlikeReal = (value: number, more: EvidenceMore = {}): Evidence =>
  toEvidence("distance to the nearest real sample (over real against real)", value, "above", "unlikeReal", {
    floor: 1,
    ...more,
  });

/**
 * What the best of the last third gained on the best of before, and what it leaves to be gained: both as shares of the
 * worst. A run that gains where next to nothing is left is a good one that gets better. And samples that are not like real
 * ones: whether more rounds would help is then not known.
 */
export function runToUnderTraining(run: RunSignals): Finding {
  const unlike = toUnlike(run);
  const gained = runToGained(run);
  const summary = "samples do not yet resemble real ones";
  if ("unknown" in gained) {
    if (unlike.length === 0) return gained;
    return unlike.some(isBad) ? { holds: unlike, summary } : { clear: unlike };
  }
  if ("holds" in gained) return { ...gained, holds: [...gained.holds, ...unlike.filter(isBad)] };
  return unlike.some(isBad) ? { holds: unlike, summary } : { clear: [...gained.clear, ...unlike] };
}

function runToGained({ scores, cast }: RunSignals): Finding {
  const name = [...scores.columns.keys()].find((key) => isDistance(key, cast.makers));
  const values = (name !== undefined && scores.columns.get(name)) || new Float64Array(0);
  const n = values.length;
  if (name === undefined || n < LEAST_SCORINGS)
    return {
      unknown: `expected ${LEAST_SCORINGS} evaluations of a distance, got ${n}: train with a smaller --eval-every`,
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

/** Sets that are not alike: samples far from real ones, few of them among these, or none with a real one as its nearest. */
export function setsToUnderTraining(sets: SetSignals): Finding {
  const { scores, realDistance, missing } = sets;
  const unexplained = setsToUnexplained(sets, missing.value);
  const [precision, accuracy] = ["precision", "nearest_neighbour_accuracy_fake"].map((name) =>
    scores.get(name),
  );
  if (!precision?.floor) return { unknown: "needs a real-vs-real precision" };
  const { value, floor, interval } = precision;
  const evidence = [
    unlikeReal(realDistance),
    ...(unexplained === undefined
      ? []
      : [
          toEvidence(
            "samples told from real ones, beyond what is left out",
            unexplained,
            "above",
            "unexplained",
            { floor: 0 },
          ),
        ]),
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
      "samples do not yet resemble real ones: too little training, too small a network, or a different kind of image",
  };
}
