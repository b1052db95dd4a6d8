/** gan-eval's library: everything the command line does, as functions. */
export { type Baseline, readBaseline, resultsToBaseline, writeBaseline } from "./check/baseline.ts";
export { type CheckRequest, checkResults } from "./check/check.ts";
export type { CheckResult } from "./check/check-result.ts";
export { type Rule, valueToRules } from "./check/rule.ts";
export type { Comparison } from "./compare/comparison.ts";
export { compareResults, compareRuns } from "./compare/functions.ts";
export { diagnoseRun } from "./diagnosis/diagnose-run.ts";
export { diagnoseSets } from "./diagnosis/diagnose-sets.ts";
export type { Diagnosis, Verdict } from "./diagnosis/verdict.ts";
export { type ErrorCode, GanEvalError, type Warning } from "./errors.ts";
export { COMPAT_PRESETS, type CompatName, withCompat } from "./evaluate/compat.ts";
export { evaluate, evaluateEach } from "./evaluate/evaluate.ts";
export {
  type MadeStatistics,
  type MakeStatisticsOptions,
  makeStatistics,
} from "./evaluate/make-statistics.ts";
export { type MergeStatisticsOptions, mergeStatistics } from "./evaluate/merge-statistics.ts";
export type { EvaluateOptions, FeatureOptions, Progress } from "./evaluate/options.ts";
export {
  type EvaluationResult,
  type InputRecord,
  type Protocol,
  type Provenance,
  RESULT_SCHEMA,
} from "./evaluate/result.ts";
export { readStatistics, type StatisticsFile, writeStatistics } from "./evaluate/statistics-file.ts";
export type { StatisticsFormatName } from "./evaluate/statistics-formats.ts";
export {
  exportGenerator,
  generate,
  interpolate,
  planTraining,
  readRun,
  resume,
  train,
} from "./experiment/functions.ts";
export type { RunConfig } from "./experiment/run-config.ts";
export type { ResumeRequest, TrainingPlan, TrainRequest } from "./experiment/train.ts";
export type { TrainedRun } from "./experiment/train-run.ts";
export { type MadeReport, makeReport, type ReportRequest } from "./reports/make-report.ts";
export type { RunRecord } from "./runs/read-run.ts";
export { type PlannedRun, planSweep, type SweepPlan } from "./sweep/plan.ts";
export { type SweepOptions, type Swept, sweep } from "./sweep/sweep.ts";
