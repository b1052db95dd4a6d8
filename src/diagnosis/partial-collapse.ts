/** Partial mode collapse: kinds of data that are never made, beside others that are. */
import { hasRealThumbnails, percent, runToSigns, runToUnknown, signsToFinding } from "./collapse-signs.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { runToCollapse, setsToCollapse } from "./mode-collapse.ts";
import { isOfPictures, type RunSignals } from "./run-signals.ts";
import type { SetSignals } from "./set-signals.ts";
import { runToUnderTraining, setsToUnderTraining } from "./under-training.ts";
import type { Evidence, Finding } from "./verdict.ts";

const holds = (finding: Finding): boolean => "holds" in finding;

/**
 * Classes that are never made, where thumbnails tell them; and bins of the features, of samples that are trained enough to be
 * sorted by them. What has collapsed wholly is not said to have collapsed in part.
 */
export function runToPartialCollapse(run: RunSignals): Finding {
  const unknown = runToUnknown(run);
  if (unknown) return unknown;
  const byClass = isOfPictures(run.description) && hasRealThumbnails(run);
  const byBin = !holds(runToUnderTraining(run));
  const signs = runToSigns(run, [
    ...(byClass ? (["classesMissing"] as const) : []),
    ...(byBin ? (["partlyMissing"] as const) : []),
  ]);
  if (holds(runToCollapse(run))) return { clear: signs.map(({ evidence }) => evidence) };
  return signsToFinding(signs);
}

/** With coverage and recall beside it, where they were measured. */
export function setsToPartialCollapse(sets: SetSignals): Finding {
  const { missing, scores } = sets;
  const { value, floor = 0 } = missing;
  const metric = "share left out, less real against real's";
  const evidence = toEvidence(metric, value - floor, "above", "partialMissing", { floor });
  const isExplained = holds(setsToUnderTraining(sets)) || holds(setsToCollapse(sets));
  if (isExplained || !isBad(evidence)) return { clear: [evidence] };
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
    summary: `samples leave out ${percent(value)} of the real data`,
  };
}
