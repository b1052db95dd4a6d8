/** Full mode collapse: a few things made again and again, or hardly any of the kinds there are. */
import {
  hasRealThumbnails,
  percent,
  runToSigns,
  runToUnknown,
  type SignName,
  signsToFinding,
} from "./collapse-signs.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { isOfImages, type RunSignals } from "./run-signals.ts";
import { type SetSignals, setsToUnexplained } from "./set-signals.ts";
import { THRESHOLDS } from "./thresholds.ts";
import { setsToUnderTraining } from "./under-training.ts";
import type { Evidence, Finding } from "./verdict.ts";

function runToSignNames(run: RunSignals): readonly (SignName | "lost")[] {
  if (!isOfImages(run.description)) return ["spread", "missing"];
  return hasRealThumbnails(run) ? ["repeated", "fewClasses", "lost"] : ["repeated"];
}

/**
 * Points are their own features: how far apart they are, and which share of the data they leave out. Of images nothing
 * counts that a network says, for bad samples look alike to a network that knows good ones only: they repeat themselves in
 * both views of their pixels; or their thumbnails are like real ones, and of few classes, or of fewer kinds than before.
 */
export const runToCollapse = (run: RunSignals): Finding =>
  runToUnknown(run) ?? signsToFinding(runToSigns(run, runToSignNames(run)));

/** Whether samples repeat themselves: by the images where they are at hand. */
function setsToRepetition({ spread, nearest, repeated }: SetSignals): Evidence[] {
  const metric = "distance to the nearest other sample (fake over real)";
  if (repeated !== undefined)
    return [toEvidence(metric, repeated, "below", "collapseRepeated", { floor: 1 })];
  return [
    toEvidence("spread ratio (fake over real)", spread, "below", "collapseSpread", { floor: 1 }),
    ...(nearest === undefined ? [] : [toEvidence(metric, nearest, "below", "collapseNearest", { floor: 1 })]),
  ];
}

/** Whether samples are good enough for a share of the data to be what they leave out. */
export const areSortable = (sets: SetSignals, leftOut: number): boolean =>
  !("holds" in setsToUnderTraining(sets)) &&
  (setsToUnexplained(sets, leftOut) ?? 0) < THRESHOLDS.sortable.value;

/** Samples that repeat themselves, or that are like real ones and leave nearly all kinds of them out. */
export function setsToCollapse(sets: SetSignals): Finding {
  const { missing, unreached, uncovered } = sets;
  const repetition = setsToRepetition(sets);
  // A stray sample fills a narrow bin, and one class half of a wide one.
  const left = toEvidence(
    "share of the real data left out",
    Math.max(missing.value, unreached, uncovered),
    "above",
    "collapseMissing",
    { floor: missing.floor ?? 0 },
  );
  const isJudged = areSortable(sets, left.value);
  const bad = [...repetition, ...(isJudged ? [left] : [])].filter(isBad);
  if (bad.length === 0) return { clear: [...repetition, left] };
  const texts = [
    ...(bad.includes(left) ? [`samples miss ${percent(left.value)} of the real data`] : []),
    ...(repetition.some(isBad) ? ["samples repeat"] : []),
  ];
  return { holds: bad, summary: texts.join("; ") };
}
