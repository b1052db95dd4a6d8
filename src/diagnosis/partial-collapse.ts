/** Partial mode collapse: kinds of data that are never made, beside others that are. */
import { hasRealThumbnails, percent, runToSigns, runToUnknown, signsToFinding } from "./collapse-signs.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { areSortable, runToCollapse, setsToCollapse } from "./mode-collapse.ts";
import { isOfImages, type RunSignals } from "./run-signals.ts";
import type { SetSignals } from "./set-signals.ts";
import { runToUnderTraining } from "./under-training.ts";
import type { Evidence, Finding } from "./verdict.ts";

const holds = (finding: Finding): boolean => "holds" in finding;

/** Why it cannot be told of images; undefined where it can, or where the data are points. */
function imagesToUnknown(run: RunSignals): Finding | undefined {
  if (!isOfImages(run.description)) return undefined;
  if (!run.signals.columns.has("class_missing"))
    return {
      unknown:
        "the data has no classes that thumbnails can distinguish: compare samples with --real and --fake",
    };
  if (!hasRealThumbnails(run))
    return { unknown: "samples are too different from real ones to assign classes" };
  return undefined;
}

/**
 * Of points bins that are never made, unless training is to blame; of images classes, where thumbnails tell them. What has
 * collapsed wholly is not said to have collapsed in part.
 */
export function runToPartialCollapse(run: RunSignals): Finding {
  const unknown = runToUnknown(run) ?? imagesToUnknown(run);
  if (unknown) return unknown;
  const isImages = isOfImages(run.description);
  const signs = runToSigns(run, [isImages ? "classesMissing" : "partlyMissing"]);
  const isExplained = holds(runToCollapse(run)) || (!isImages && holds(runToUnderTraining(run)));
  return isExplained ? { clear: signs.map(({ evidence }) => evidence) } : signsToFinding(signs);
}

/** With coverage and recall beside it, where they were measured. */
export function setsToPartialCollapse(sets: SetSignals): Finding {
  const { missing, scores } = sets;
  const { value, floor = 0 } = missing;
  const metric = "share left out, less real against real's";
  const evidence = toEvidence(metric, value - floor, "above", "partialMissing", { floor });
  if (!areSortable(sets, value) || holds(setsToCollapse(sets)) || !isBad(evidence))
    return { clear: [evidence] };
  const beside = ["coverage", "recall"].flatMap((name): Evidence[] => {
    const measured = scores.get(name);
    if (measured?.floor === undefined) return [];
    return [
      {
        metric: name,
        value: measured.value,
        comparison: measured.value < measured.floor ? "below" : "within",
        threshold: measured.floor,
        source: "real against real",
        floor: measured.floor,
        ...(measured.interval && { interval: measured.interval }),
      },
    ];
  });
  return {
    holds: [evidence, ...beside],
    summary: `samples miss ${percent(value)} of the real data`,
  };
}
