/** gan-eval's library: everything the command line does, as functions. */
export { type Baseline, readBaseline, resultsToBaseline, writeBaseline } from "./check/baseline.ts";
export { type CheckRequest, checkResults } from "./check/check.ts";
export type { CheckResult, LimitName, OutcomeStatus, RuleOutcome, Shift } from "./check/check-result.ts";
export type { Expression, Scope, Use } from "./check/expression.ts";
export type { Night } from "./check/history.ts";
export type { Level } from "./check/level.ts";
export type { Measured } from "./check/measured.ts";
export type { ProtocolDifference, ProtocolFields } from "./check/protocol-fields.ts";
export type { Amount, Bounds, ChangeLimits } from "./check/rule.ts";
export { type Rule, valueToRules } from "./check/rule.ts";
export type { Seeds } from "./check/seeds.ts";
export type {
  Budget,
  ComparedMetric,
  Comparison,
  ComparisonGroup,
  ComparisonRow,
  Difference,
  Interval,
  OptionValue,
  RateCurve,
  RatePoint,
  RowStatus,
  SafeBand,
  Score,
} from "./compare/comparison.ts";
export type { CompareOptions } from "./compare/entries-to-comparison.ts";
export { compareResults, compareRuns } from "./compare/functions.ts";
export type { Watch } from "./compare/runs-to-comparison.ts";
export { diagnoseRun } from "./diagnosis/diagnose-run.ts";
export type { DiagnoseSetsOptions } from "./diagnosis/diagnose-sets.ts";
export type {
  Advice,
  Diagnosis,
  DiagnosisProvenance,
  Evidence,
  NotJudged,
  Severity,
  Verdict,
  VerdictId,
} from "./diagnosis/verdict.ts";
export type { BatchSize } from "./engine/export/batched-function.ts";
export { AbortError, type ErrorCode, type ErrorKind, GanEvalError, type Warning } from "./errors.ts";
export type { ClassScore, ClassScores } from "./evaluate/by-class.ts";
export { COMPAT_PRESETS, type CompatName, withCompat } from "./evaluate/compat.ts";
export type { MadeStatistics, MakeStatisticsOptions } from "./evaluate/make-statistics.ts";
export type { MatchedClasses } from "./evaluate/match-classes.ts";
export { type MergeStatisticsOptions, mergeStatistics } from "./evaluate/merge-statistics.ts";
export type {
  CompatRecord,
  EvaluateOptions,
  ExtractorName,
  FeatureOptions,
  PerPicture,
  Progress,
} from "./evaluate/options.ts";
export { defineExtractor, type ExtractorDefinition } from "./evaluate/own-extractor.ts";
export type { Pictures } from "./evaluate/pictures.ts";
export type { FailureRecord, FloorRecord, IntervalRecord } from "./evaluate/result.ts";
export {
  type EvaluationResult,
  type InputRecord,
  type Protocol,
  type Provenance,
  RESULT_SCHEMA,
} from "./evaluate/result.ts";
export type { RowClasses } from "./evaluate/row-classes.ts";
export type { FeatureOrigin } from "./evaluate/statistics-file.ts";
export { readStatistics, type StatisticsFile, writeStatistics } from "./evaluate/statistics-file.ts";
export type { StatisticsFormatName } from "./evaluate/statistics-formats.ts";
export type { ClassChoice } from "./experiment/choose-classes.ts";
export type { Exported, ExportedPort, ExportFormat, ExportOptions } from "./experiment/export-generator.ts";
export { readRun } from "./experiment/functions.ts";
export type { Generated, GenerateOptions as GenerateRequest } from "./experiment/generate.ts";
export type { Interpolated, InterpolateOptions as InterpolateRequest } from "./experiment/interpolate.ts";
export type { Interpolation } from "./experiment/latent-paths.ts";
export type {
  CheckpointChoice,
  GeneratorOptions,
  GeneratorOrigin,
  OpenGeneratorOptions,
} from "./experiment/open-generator.ts";
export type {
  ComputationConfig,
  DataConfig,
  PlacesConfig,
  RecordingConfig,
  RunConfig,
} from "./experiment/run-config.ts";
export type { ToyFrame, ToyView } from "./experiment/toy-view.ts";
export type { TrainingPlan } from "./experiment/train.ts";
export type { TrainedRun } from "./experiment/train-run.ts";
export type { CustomExtractorOptions, Layout, ScalingName } from "./extractors/custom-options.ts";
export type {
  Generated as GeneratedPictures,
  GeneratorCallback,
  MadePicture,
  PictureGenerator,
  PixelBatch,
} from "./images/generator.ts";
export type { ResizeMode } from "./images/resize.ts";
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
export { defineMetric } from "./metrics/define-metric.ts";
export type { Metric } from "./metrics/metric.ts";
export { type MetricId, metricIds } from "./metrics/table.ts";
export type {
  Axis as ChartAxis,
  AxisFormat,
  Chart,
  ChartConfig,
  Dataset,
  Json,
  Point,
} from "./reports/charts/chart.ts";
export type {
  Fact,
  Headline,
  Neighbours,
  Picture as ReportPicture,
  Report,
  ReportTable,
  SampleFrame,
  Samples,
} from "./reports/content/report.ts";
export { type MadeReport, makeReport, type ReportRequest } from "./reports/make-report.ts";
export type { Cell, Column, Table as PrintedTable } from "./reports/table.ts";
export type { RunDescription, RunPlan, RunStatus } from "./runs/description.ts";
export type { RoundFile } from "./runs/folder.ts";
export type { RunRecord } from "./runs/read-run.ts";
export type { LayerTable, Table as RunTable } from "./runs/read-table.ts";
export type { Axis } from "./sweep/axis.ts";
export type { PlannedRun } from "./sweep/plan.ts";
export type { Swept } from "./sweep/sweep.ts";
export type { GeneratedData } from "./train/data/generator-source.ts";
export type { ModelChoices, ModelOptions } from "./train/model.ts";
