/** gan-eval's library: everything the command line does, as functions. */
export { type Baseline, readBaseline, resultsToBaseline, writeBaseline } from "./check/baseline.ts";
export { type CheckRequest, checkResults } from "./check/check.ts";
export type { CheckResult, LimitName, OutcomeStatus, RuleOutcome, Shift } from "./check/check-result.ts";
export type { Expression, Scope, Use } from "./check/expression.ts";
export type { Night, NightRule } from "./check/history.ts";
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
  DifferenceVerdict,
  Interval,
  OptionValue,
  RateCurve,
  RatePoint,
  RowStatus,
  SafeBand,
  Score,
} from "./compare/comparison.ts";
export type { CompareOptions } from "./compare/entries-to-comparison.ts";
export type { ComparedAt, ResultGroups } from "./compare/options.ts";
export type { Watch } from "./compare/runs-to-comparison.ts";
export type { DiagnoseRunOptions } from "./diagnosis/diagnose-run.ts";
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
export type { Point } from "./drawing/thin-points.ts";
export type { BatchSize } from "./engine/export/batched-function.ts";
export { AbortError, type ErrorCode, type ErrorKind, GanEvalError, type Warning } from "./errors.ts";
export type { ClassScore, ClassScores } from "./evaluate/classes/by-class.ts";
export type { MatchedClasses } from "./evaluate/classes/match-classes.ts";
export type { RowClasses } from "./evaluate/classes/row-classes.ts";
export { COMPAT_PRESETS, type CompatName, withCompat } from "./evaluate/compat.ts";
export type { Images } from "./evaluate/images.ts";
export type {
  CompatRecord,
  EvaluateOptions,
  ExtractorName,
  FeatureOptions,
  PerImage,
} from "./evaluate/options.ts";
export { defineExtractor, type ExtractorDefinition } from "./evaluate/own-extractor.ts";
export type { FailureRecord, FloorRecord, IntervalRecord } from "./evaluate/result.ts";
export {
  type EvaluationResult,
  type InputRecord,
  type Protocol,
  type Provenance,
  RESULT_SCHEMA,
} from "./evaluate/result.ts";
export type { MadeLeaves } from "./evaluate/statistics/extract-leaves.ts";
export type { GroupOptions } from "./evaluate/statistics/leaf-plan.ts";
export type { MadeStatistics, MakeStatisticsOptions } from "./evaluate/statistics/make-statistics.ts";
export type { MergeStatisticsOptions } from "./evaluate/statistics/merge-statistics.ts";
export type {
  MadePart,
  SharedStatisticsOptions,
  StatisticsPartOptions,
} from "./evaluate/statistics/shared-statistics.ts";
export type { FeatureOrigin } from "./evaluate/statistics/statistics-file.ts";
export {
  readStatistics,
  type StatisticsFile,
  writeStatistics,
} from "./evaluate/statistics/statistics-file.ts";
export type { StatisticsFormatName } from "./evaluate/statistics/statistics-formats.ts";
export type { CustomExtractorOptions, Layout, ScalingName } from "./extractors/custom/custom-options.ts";
export type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "./extractors/extractor.ts";
export type { ImageChoices } from "./extractors/image-choices.ts";
export type { Crop } from "./images/resize/crop.ts";
export type { ResizeMode } from "./images/resize/resize.ts";
export type { Image } from "./images/source.ts";
export type {
  Generated as GeneratedImages,
  GeneratorCallback,
  ImageGenerator,
  MadeImage,
  PixelBatch,
} from "./images/sources/generator.ts";
export type { Hold } from "./interruption.ts";
export { compareResults, compareRuns } from "./library/compare.ts";
export {
  exportGenerator,
  type GenerateOptions,
  generate,
  type InterpolateOptions,
  interpolate,
  type TranslateOptions,
  translate,
} from "./library/generate.ts";
export {
  collectStatistics,
  diagnoseRun,
  diagnoseSets,
  evaluate,
  evaluateEach,
  makeStatistics,
  makeStatisticsPart,
  mergeStatistics,
} from "./library/measure.ts";
export { makeReport, readRun } from "./library/report.ts";
export { stopRun } from "./library/stop.ts";
export {
  type CollectOptions,
  collectSweep,
  type Part,
  planSweep,
  type RunChoices,
  type SweepOptions,
  type SweepPlan,
  sweep,
} from "./library/sweep.ts";
export { planTraining, resume, train } from "./library/train.ts";
export type { DataChoices, ResumeOptions, TrainingSource, TrainOptions } from "./library/train-options.ts";
export { trainRounds } from "./library/train-rounds.ts";
export type { ComputeContext, MemoContext } from "./math/compute-context.ts";
export type { MethodSpread } from "./math/intervals/random-effects.ts";
export { defineMetric } from "./metrics/define-metric.ts";
export type { Metric } from "./metrics/metric.ts";
export { type MetricId, metricIds } from "./metrics/table.ts";
export type { Positions } from "./networks/architectures/positions.ts";
export type { NetworkName } from "./networks/table.ts";
export type { OptionKind, Zod } from "./options/kinds.ts";
export type { OptionGroup, OptionRow } from "./options/option.ts";
export type { GivenOptions, OptionsOf, OptionTable } from "./options/table.ts";
export type { Progress } from "./progress.ts";
export type {
  Axis as ChartAxis,
  AxisFormat,
  Chart,
  ChartConfig,
  Dataset,
  Json,
} from "./reports/charts/chart.ts";
export type {
  Fact,
  Headline,
  Image as ReportImage,
  Neighbours,
  Report,
  ReportTable,
  SampleFrame,
  Samples,
  Translations,
} from "./reports/content/report.ts";
export type { ToyFrame, ToyView } from "./reports/content/toy-view.ts";
export type { MadeReport, ReportRequest } from "./reports/make-report.ts";
export type { Cell, Column, Table as PrintedTable } from "./reports/table.ts";
export type { TranslateRequest } from "./reports/translate-with-page.ts";
export type { RunDescription, RunPlan, RunStatus } from "./run-folder/description.ts";
export type { RunRecord } from "./run-folder/read-run.ts";
export type { LayerTable, Table as RunTable } from "./run-folder/read-table.ts";
export type {
  ComputationConfig,
  DataConfig,
  PlacesConfig,
  RecordingConfig,
  RecordingOptions,
  RunConfig,
} from "./run-folder/run-config.ts";
export type { RoundFile } from "./run-folder/run-folder.ts";
export type { StopOptions, StoppedRun } from "./run-folder/stop-run.ts";
export type { DataSummary } from "./runs/prepare-run.ts";
export type { RunRequest } from "./runs/request-to-config.ts";
export type { TrainingPlan, TrainRequest } from "./runs/train.ts";
export type { TrainedRun, TrainOptions as TrainRunOptions } from "./runs/trained-run.ts";
export type { ClassChoice } from "./samples/choose-classes.ts";
export type { Exported, ExportedPort, ExportOptions } from "./samples/export-generator.ts";
export type { Generated, GenerateOptions as GenerateRequest } from "./samples/generate.ts";
export type { Interpolated, InterpolateOptions as InterpolateRequest } from "./samples/interpolate.ts";
export type { WantedAttributes } from "./samples/maker-feeds.ts";
export type {
  CheckpointChoice,
  GeneratorOptions,
  GeneratorOrigin,
  OpenGeneratorOptions,
} from "./samples/open-generator.ts";
export type { MakerOptions } from "./samples/open-maker.ts";
export type { ExportFormat, Interpolation } from "./samples/options.ts";
export type { CheckpointOptions, CheckpointOrigin } from "./samples/run-checkpoint.ts";
export type {
  Translated,
  TranslatedImage,
  TranslateOptions as TranslationOptions,
} from "./samples/translate.ts";
export type { Axis } from "./sweep/axis.ts";
export type { PlannedRun } from "./sweep/plan.ts";
export type { MissingRun, SweepResult } from "./sweep/sweep.ts";
export type { GeneratedData } from "./train/data/generator-source.ts";
export type { LossFacts, Undecided } from "./train/loss-facts.ts";
export type { ModelChoices, ModelOptions } from "./train/model.ts";
export type { ModelName } from "./train/options/model.ts";
export type { SchemeModelName } from "./train/schemes/models.ts";
export type { OwnModel } from "./train/schemes/own-model.ts";
