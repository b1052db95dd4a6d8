/** Full and partial mode collapse: a few things made again and again, or kinds of data that are never made. */
import { type EvidenceMore, isBad, toEvidence } from "./evidence.ts";
import { isOfPictures, lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { SetSignals } from "./set-signals.ts";
import { THRESHOLDS, type ThresholdName } from "./thresholds.ts";
import { runToUnderTraining, setsToUnderTraining } from "./under-training.ts";
import type { Evidence, Finding } from "./verdict.ts";

/** Evaluations that collapse takes: every untrained generator makes one thing, and then a few. */
const LEAST_EVALUATIONS = 3;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** What has no numbers to be judged by; undefined where it has. */
function runToUnknown({ signals, description }: RunSignals): Finding | undefined {
  if (!signals.columns.has("spread_ratio") || !signals.columns.has("missing_share"))
    return {
      unknown:
        "the run was not evaluated: train with --eval-every N, or compare samples with --real and --fake",
    };
  const count = signals.rounds.length;
  if (count < LEAST_EVALUATIONS)
    return {
      unknown: `expected ${LEAST_EVALUATIONS} evaluations or more, got ${count}: every generator begins with one thing`,
    };
  if (isOfPictures(description) && !signals.columns.has("nearest_ratio"))
    return {
      unknown:
        "the run was recorded by an earlier version, without what tells bad samples from few: compare its samples with --real and --fake",
    };
  return undefined;
}

/** A sign of collapse over the last evaluations. */
interface Sign {
  readonly evidence: Evidence;
  /** Whether what is missing was still coming in the last evaluations: then it is no collapse, or not yet. */
  readonly isUnfolding: boolean;
}

/** @param reached what a column says is there of the data or of its variety */
function toSign(
  { signals }: RunSignals,
  column: string,
  side: "above" | "below",
  metric: string,
  threshold: ThresholdName,
  reached: (value: number) => number,
  more: EvidenceMore,
): Sign | undefined {
  const window = lastScorings(signals, column);
  if (!window) return undefined;
  const [first, last] = [window.values[0], window.values[window.values.length - 1]].map(reached);
  return {
    evidence: toEvidence(metric, median(window.values), side, threshold, { ...more, rounds: window.rounds }),
    isUnfolding: last > THRESHOLDS.unfolding.value * first,
  };
}

const itself = (value: number): number => value;
const rest = (missing: number): number => 1 - missing;

/** By which columns a run is judged. */
const SIGNS = {
  repeated: (run) =>
    toSign(
      run,
      "nearest_ratio",
      "below",
      "distance to the nearest other sample (fake over real)",
      "collapseRepeated",
      itself,
      { floor: 1 },
    ),
  classes: (run) =>
    toSign(
      run,
      "class_diversity",
      "below",
      "effective number of classes (fake over real)",
      "collapseClasses",
      itself,
      { floor: 1 },
    ),
  thumbnails: (run) =>
    toSign(
      run,
      "thumbnail_missing",
      "above",
      "share of the real thumbnails left out",
      "collapseThumbnails",
      rest,
      { floor: 0 },
    ),
  spread: (run) =>
    toSign(run, "spread_ratio", "below", "spread ratio (fake over real)", "collapseSpread", itself, {
      floor: 1,
    }),
  missing: (run) =>
    toSign(run, "missing_share", "above", "share of the real data left out", "collapseMissing", rest, {
      floor: 0,
    }),
  classesMissing: (run) =>
    toSign(
      run,
      "class_missing",
      "above",
      "share of the real data in classes left out",
      "partialClasses",
      rest,
      { floor: 0 },
    ),
  partlyMissing: (run) =>
    toSign(run, "missing_share", "above", "share of the real data left out", "partialMissing", rest, {
      floor: 0,
    }),
} as const satisfies Readonly<Record<string, (run: RunSignals) => Sign | undefined>>;

/**
 * Of points, which are features themselves: how far apart they are, and the share of the data that is left out. Of pictures
 * nothing that a network says of them is asked: bad samples look alike to a network that knows good ones only. They repeat
 * themselves in two views of their pixels, or are of few classes of those whose thumbnails they resemble, and neither was
 * still changing in the last evaluations.
 */
export function runToCollapse(run: RunSignals): Finding {
  const unknown = runToUnknown(run);
  if (unknown) return unknown;
  const isToy = !isOfPictures(run.description);
  const names = isToy
    ? (["spread", "missing"] as const)
    : isBelow(run, "thumbnail_distance", "unlikeThumbnails")
      ? (["repeated", "classes", "thumbnails"] as const)
      : (["repeated"] as const);
  const signs = names.flatMap((name) => {
    const sign = SIGNS[name](run);
    return sign ? [{ name, ...sign }] : [];
  });
  const bad = signs.filter(({ evidence, isUnfolding }) => isBad(evidence) && (isToy || !isUnfolding));
  if (bad.length === 0) return { clear: signs.map(({ evidence }) => evidence) };
  const texts: Readonly<Record<(typeof names)[number], (value: number) => string>> = {
    repeated: (value) =>
      `samples repeat themselves: they are ${value.toPrecision(2)} times as far from each other as real ones are`,
    classes: (value) => `samples are of ${percent(value)} of the variety of classes`,
    thumbnails: (value) => `nothing like ${percent(value)} of the real data is made`,
    spread: (value) => `samples are ${value.toPrecision(2)} times as far from each other as real ones`,
    missing: (value) => `samples leave out ${percent(value)} of the real data`,
  };
  return {
    holds: bad.map(({ evidence }) => evidence),
    summary: bad.map(({ name, evidence }) => texts[name](evidence.value)).join("; "),
  };
}

/**
 * Classes that are never made, where thumbnails tell them and samples have thumbnails like real ones; else bins of the features, if
 * samples are good enough to be sorted by.
 */
export function runToPartialCollapse(run: RunSignals): Finding {
  const unknown = runToUnknown(run);
  if (unknown) return unknown;
  const isToy = !isOfPictures(run.description);
  const classes =
    !isToy && isBelow(run, "thumbnail_distance", "unlikeThumbnails") ? SIGNS.classesMissing(run) : undefined;
  const bins = "holds" in runToUnderTraining(run) ? undefined : SIGNS.partlyMissing(run);
  const signs = [classes, bins].filter((sign) => sign !== undefined);
  const evidence = signs.map((sign) => sign.evidence);
  const bad = signs.filter((sign) => isBad(sign.evidence) && (isToy || !sign.isUnfolding));
  if (bad.length === 0 || "holds" in runToCollapse(run)) return { clear: evidence };
  return {
    holds: bad.map((sign) => sign.evidence),
    summary: `samples leave out ${percent(bad[0].evidence.value)} of the real data`,
  };
}

/** Whether the middle of a column's last values is below a threshold. */
const isBelow = ({ signals }: RunSignals, column: string, threshold: ThresholdName): boolean =>
  median(lastScorings(signals, column)?.values ?? []) < THRESHOLDS[threshold].value;

/** Repetition, in the features and in the pictures where they are at hand; else kinds left out by samples that are good. */
export function setsToCollapse(sets: SetSignals): Finding {
  const { spread, nearest, repeated, missing, unreached, realDistance } = sets;
  const isGood = realDistance < THRESHOLDS.unlikeReal.value;
  const left = toEvidence(
    "share of the real data left out",
    // A stray sample fills a narrow bin, and one class half of a wide one.
    Math.max(missing.value, unreached),
    "above",
    "collapseMissing",
    { floor: missing.floor ?? 0 },
  );
  const again =
    repeated === undefined
      ? [
          toEvidence("spread ratio (fake over real)", spread, "below", "collapseSpread", { floor: 1 }),
          ...(nearest === undefined
            ? []
            : [
                toEvidence(
                  "distance to the nearest other sample (fake over real)",
                  nearest,
                  "below",
                  "collapseNearest",
                  { floor: 1 },
                ),
              ]),
        ]
      : [
          toEvidence(
            "distance to the nearest other sample (fake over real)",
            repeated,
            "below",
            "collapseRepeated",
            { floor: 1 },
          ),
        ];
  const bad = [...again.filter(isBad), ...(isGood && isBad(left) ? [left] : [])];
  if (bad.length === 0) return { clear: [...again, left] };
  const repeats = again.some(isBad)
    ? `samples are ${spread.toPrecision(2)} times as far from each other as real ones, and the same ones come again and again`
    : undefined;
  const leaves =
    isGood && isBad(left) ? `samples leave out ${percent(left.value)} of the real data` : undefined;
  return { holds: bad, summary: [leaves, repeats].filter((text) => text !== undefined).join("; ") };
}

/** With coverage and recall beside it, where they were measured. */
export function setsToPartialCollapse(sets: SetSignals): Finding {
  const { missing, scores } = sets;
  const floor = missing.floor ?? 0;
  const evidence = toEvidence(
    "share left out, less real against real's",
    missing.value - floor,
    "above",
    "partialMissing",
    { floor },
  );
  const isJudged = !("holds" in setsToUnderTraining(sets)) && !("holds" in setsToCollapse(sets));
  if (!isJudged || !isBad(evidence)) return { clear: [evidence] };
  const beside = ["coverage", "recall"].flatMap((name): Evidence[] => {
    const measured = scores.get(name);
    if (measured?.floor === undefined) return [];
    const { value, floor, interval } = measured;
    return [
      {
        metric: name,
        value,
        comparison: value < floor ? "below" : "within",
        threshold: floor,
        source: "real against real",
        floor,
        ...(interval && { interval }),
      },
    ];
  });
  return {
    holds: [evidence, ...beside],
    summary: `samples leave out ${percent(missing.value)} of the real data`,
  };
}
