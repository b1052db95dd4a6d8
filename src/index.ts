/** gan-eval's library: everything the command line does, as functions. */
export { type Baseline, readBaseline, resultsToBaseline, writeBaseline } from "./check/baseline.ts";
export { type CheckRequest, checkResults } from "./check/check.ts";
export type { CheckResult } from "./check/check-result.ts";
export { type Rule, valueToRules } from "./check/rule.ts";
export type { Comparison } from "./compare/comparison.ts";
export { compareResults, compareRuns } from "./compare/functions.ts";
export { diagnoseRun } from "./diagnosis/diagnose-run.ts";
export type { DiagnoseSetsOptions } from "./diagnosis/diagnose-sets.ts";
export type { Diagnosis, Verdict } from "./diagnosis/verdict.ts";
export { AbortError, type ErrorCode, type ErrorKind, GanEvalError, type Warning } from "./errors.ts";
export { COMPAT_PRESETS, type CompatName, withCompat } from "./evaluate/compat.ts";
export type { MadeStatistics, MakeStatisticsOptions } from "./evaluate/make-statistics.ts";
export { type MergeStatisticsOptions, mergeStatistics } from "./evaluate/merge-statistics.ts";
export type { EvaluateOptions, FeatureOptions, PerPicture, Progress } from "./evaluate/options.ts";
export { defineExtractor, type ExtractorDefinition } from "./evaluate/own-extractor.ts";
export type { Pictures } from "./evaluate/pictures.ts";
export {
  type EvaluationResult,
  type InputRecord,
  type Protocol,
  type Provenance,
  RESULT_SCHEMA,
} from "./evaluate/result.ts";
export { readStatistics, type StatisticsFile, writeStatistics } from "./evaluate/statistics-file.ts";
export type { StatisticsFormatName } from "./evaluate/statistics-formats.ts";
export type { Exported, ExportOptions } from "./experiment/export-generator.ts";
export { readRun } from "./experiment/functions.ts";
export type { Generated } from "./experiment/generate.ts";
export type { Interpolated } from "./experiment/interpolate.ts";
export type { RunConfig } from "./experiment/run-config.ts";
export type { TrainingPlan } from "./experiment/train.ts";
export type { TrainedRun } from "./experiment/train-run.ts";
export type { GeneratorCallback, MadePicture, PictureGenerator, PixelBatch } from "./images/generator.ts";
export type { Picture } from "./images/source.ts";
export type { FeatureEnd, FeatureExtractor, FeatureMatrix } from "./inception/extractor.ts";
export {
  exportGenerator,
  type GenerateOptions,
  generate,
  type InterpolateOptions,
  interpolate,
} from "./library/generate.ts";
export { diagnoseSets, evaluate, evaluateEach, makeStatistics } from "./library/measure.ts";
export { planSweep, type RunChoices, type SweepOptions, type SweepPlan, sweep } from "./library/sweep.ts";
export { planTraining, resume, train } from "./library/train.ts";
export type { DataChoices, ResumeOptions, TrainingSource, TrainOptions } from "./library/train-options.ts";
export { trainRounds } from "./library/train-rounds.ts";
export { type Metric, metric as defineMetric } from "./metrics/metric.ts";
export { type MetricId, metricIds } from "./metrics/table.ts";
export { type MadeReport, makeReport, type ReportRequest } from "./reports/make-report.ts";
export type { RunRecord } from "./runs/read-run.ts";
export type { Axis } from "./sweep/axis.ts";
export type { PlannedRun } from "./sweep/plan.ts";
export type { Swept } from "./sweep/sweep.ts";
