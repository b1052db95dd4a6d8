/** Measuring for programs: each function is loaded when it is first called, and answers its signal with an AbortError. */
import type { DiagnoseRunOptions } from "../diagnosis/diagnose-run.ts";
import type { DiagnoseSetsOptions } from "../diagnosis/diagnose-sets.ts";
import type { Diagnosis } from "../diagnosis/verdict.ts";
import type { EvaluateOptions } from "../evaluate/options.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import type { MadeStatistics, MakeStatisticsOptions } from "../evaluate/statistics/make-statistics.ts";
import type { MergeStatisticsOptions } from "../evaluate/statistics/merge-statistics.ts";
import type {
  MadePart,
  SharedStatisticsOptions,
  StatisticsPartOptions,
} from "../evaluate/statistics/shared-statistics.ts";
import type { FeatureExtractor } from "../extractors/extractor.ts";
import { abortable } from "./abort.ts";

/**
 * Measures `fake` against `real`, or alone: `evaluate({ real: "photos", fake: "samples" })` gives FID and Inception Score.
 * @throws GanEvalError `usage.*` for options that do not go together, `input.*` for images and files that cannot be
 *   used, `unavailable.*` for weights, engines and devices that are not there; AbortError where `signal` ended it
 */
export const evaluate = (options: EvaluateOptions): Promise<EvaluationResult> =>
  abortable(options.signal, async () => (await import("../evaluate/evaluate.ts")).evaluate(options));

/** The same by several extractors, a result each; images are read once. */
export const evaluateEach = (
  options: EvaluateOptions,
  extractors: readonly (string | FeatureExtractor)[],
): Promise<EvaluationResult[]> =>
  abortable(options.signal, async () =>
    (await import("../evaluate/evaluate.ts")).evaluateEach(options, extractors),
  );

/**
 * Mean and covariance of the features of an image set, or the features themselves, in a file for this or another
 * program.
 * @throws GanEvalError `usage.stats-format`, and what images and extractors throw; AbortError where `signal` ended it
 */
export const makeStatistics = (options: MakeStatisticsOptions): Promise<MadeStatistics> =>
  abortable(options.signal, async () =>
    (await import("../evaluate/statistics/make-statistics.ts")).makeStatistics(options),
  );

/**
 * One part of the statistics of a set of images, for `collectStatistics` to join: so many machines share the work.
 * @throws GanEvalError `usage.part`, `usage.leaf-group`, and what `makeStatistics` throws; AbortError where `signal` ended it
 */
export const makeStatisticsPart = (options: StatisticsPartOptions): Promise<MadePart> =>
  abortable(options.signal, async () =>
    (await import("../evaluate/statistics/shared-statistics.ts")).makeStatisticsPart(options),
  );

/**
 * The statistics of a set of images from its parts: the bytes that `makeStatistics` writes on one machine.
 * @throws GanEvalError `input.leaves-missing` naming them, `input.unlike-leaves`, `usage.stats-format`; AbortError where
 *   `signal` ended it
 */
export const collectStatistics = (options: SharedStatisticsOptions): Promise<MadeStatistics> =>
  abortable(options.signal, async () =>
    (await import("../evaluate/statistics/shared-statistics.ts")).collectStatistics(options),
  );

/**
 * The statistics of all images from the files of parts, exactly.
 * @throws GanEvalError `input.incomplete-statistics` for a file without n or ddof, `input.unlike-features` and
 *   `input.feature-width` for parts that do not go together, `usage.stats-format`; AbortError where `signal` ended it
 */
export const mergeStatistics = (options: MergeStatisticsOptions): Promise<MadeStatistics> =>
  abortable(options.signal, async () =>
    (await import("../evaluate/statistics/merge-statistics.ts")).mergeStatistics(options),
  );

/**
 * Diagnoses `fake` against `real`: collapse, copies, samples that are not alike.
 * @throws GanEvalError what `evaluate` throws; AbortError where `signal` ended it
 */
export const diagnoseSets = (options: DiagnoseSetsOptions): Promise<Diagnosis> =>
  abortable(options.signal, async () =>
    (await import("../diagnosis/diagnose-sets.ts")).diagnoseSets(options),
  );

/**
 * Diagnoses what a run recorded; one that was cut short as far as it came.
 * @throws GanEvalError `input.not-a-run`, `input.run-empty`; AbortError where `signal` ended it
 */
export const diagnoseRun = (folder: string, options: DiagnoseRunOptions = {}): Promise<Diagnosis> =>
  abortable(options.signal, async () =>
    (await import("../diagnosis/diagnose-run.ts")).diagnoseRun(folder, options),
  );
