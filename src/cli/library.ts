/** The heavy functions that commands call, each loaded when it is first called. */
import type { Comparison } from "../compare/comparison.ts";
import type { CompareOptions } from "../compare/entries-to-comparison.ts";
import type { Watch } from "../compare/runs-to-comparison.ts";
import type { DiagnoseRunOptions } from "../diagnosis/diagnose-run.ts";
import type { DiagnoseSetsOptions } from "../diagnosis/diagnose-sets.ts";
import type { Diagnosis } from "../diagnosis/verdict.ts";
import type { EngineReport } from "../engine/index.ts";
import type { Cleared, ClearOptions } from "../evaluate/feature-cache/clear-entries.ts";
import type { CacheEntry } from "../evaluate/feature-cache/list-entries.ts";
import type { EvaluateOptions, PerImage } from "../evaluate/options.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import type { MadeStatistics, MakeStatisticsOptions } from "../evaluate/statistics/make-statistics.ts";
import type { MergeStatisticsOptions } from "../evaluate/statistics/merge-statistics.ts";
import type { NetworkManifest } from "../inception/manifest.ts";
import type { Lab, LabOptions } from "../lab/open-lab.ts";
import { resumeMonitored, trainMonitored } from "../library/monitored-training.ts";
import type { Progress } from "../progress.ts";
import type { ChartCheck } from "../reports/chart-check.ts";
import type { MadeReport, ReportRequest } from "../reports/make-report.ts";
import type { TranslateRequest } from "../reports/translate-with-page.ts";
import type { IndexedRun } from "../run-folder/indexed-run.ts";
import type { StopOptions, StoppedRun } from "../run-folder/stop-run.ts";
import type { ResumeRequest, TrainingPlan, TrainRequest } from "../runs/train.ts";
import type { TrainedRun } from "../runs/trained-run.ts";
import type { Exported, ExportOptions } from "../samples/export-generator.ts";
import type { Generated, GenerateOptions } from "../samples/generate.ts";
import type { Interpolated, InterpolateOptions } from "../samples/interpolate.ts";
import type { Translated } from "../samples/translate.ts";
import type { SweepOptions, SweepResult } from "../sweep/sweep.ts";

/** An installed network. */
export interface NetworkInfo {
  readonly folder: string;
  readonly manifest: NetworkManifest;
}

export interface NetworkOptions {
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** The heavy functions that commands call; tests pass their own. */
export interface Library {
  evaluate(options: EvaluateOptions): Promise<EvaluationResult>;
  evaluateEach(options: EvaluateOptions, extractors: readonly string[]): Promise<EvaluationResult[]>;
  writePerImage(file: string, tables: readonly PerImage[]): Promise<void>;
  makeStatistics(options: MakeStatisticsOptions): Promise<MadeStatistics>;
  mergeStatistics(options: MergeStatisticsOptions): Promise<MadeStatistics>;
  generate(options: GenerateOptions): Promise<Generated>;
  interpolate(options: InterpolateOptions): Promise<Interpolated>;
  exportGenerator(options: ExportOptions): Promise<Exported>;
  translate(options: TranslateRequest): Promise<Translated>;
  importInception(file: string, options: NetworkOptions): Promise<NetworkInfo>;
  downloadInception(options: NetworkOptions): Promise<NetworkInfo>;
  /** Undefined where none is installed. */
  installedInception(options: NetworkOptions): Promise<NetworkInfo | undefined>;
  /** The digits network's weights, built in. */
  digitsWeights(): Promise<{ readonly file: string; readonly hash: string; readonly bytes: number }>;
  cacheFolder(cacheDir: string | undefined): Promise<string>;
  listFeatureCache(cacheDir: string | undefined): Promise<CacheEntry[]>;
  clearFeatureCache(cacheDir: string | undefined, options: ClearOptions): Promise<Cleared>;
  listEngines(): Promise<EngineReport[]>;
  train(request: TrainRequest): Promise<TrainedRun>;
  resume(request: ResumeRequest): Promise<TrainedRun>;
  indexRuns(folders: readonly string[]): Promise<IndexedRun[]>;
  stopRun(folder: string, options: StopOptions): Promise<StoppedRun>;
  planTraining(request: TrainRequest): Promise<TrainingPlan>;
  diagnoseRun(folder: string, options: DiagnoseRunOptions): Promise<Diagnosis>;
  diagnoseSets(options: DiagnoseSetsOptions): Promise<Diagnosis>;
  sweep(options: SweepOptions): Promise<SweepResult>;
  /** Folders, folders of folders, patterns. */
  compareRuns(locations: readonly string[], options: CompareOptions & Watch): Promise<Comparison>;
  /** Just these folders, whether a run is in them or not. */
  compareRunFolders(folders: readonly string[], options: CompareOptions & Watch): Promise<Comparison>;
  compareResults(files: readonly string[], options: CompareOptions & Watch): Promise<Comparison>;
  makeReport(request: ReportRequest): Promise<MadeReport>;
  checkCharts(): Promise<ChartCheck>;
  openLab(options: LabOptions): Promise<Lab>;
  /** Hands back what forgets the address again. */
  openInBrowser(url: string, env: Readonly<Record<string, string | undefined>>): Promise<() => Promise<void>>;
}

/** Each function is imported when it is first called. */
export const library: Library = {
  train: trainMonitored,
  resume: resumeMonitored,
  async planTraining(request) {
    const { planTraining } = await import("../runs/train.ts");
    return planTraining(request);
  },
  async openLab(options) {
    const { openLab } = await import("../lab/open-lab.ts");
    return openLab(options);
  },
  async openInBrowser(url, env) {
    const { openInBrowser } = await import("../lab/open-in-browser.ts");
    return openInBrowser(url, env);
  },
  async indexRuns(folders) {
    const { RunIndex } = await import("../run-folder/run-index.ts");
    return new RunIndex(folders).scan();
  },
  async stopRun(folder, options) {
    const { requestStop } = await import("../run-folder/stop-run.ts");
    return requestStop(folder, options);
  },
  async generate(options) {
    const { generate } = await import("../samples/generate.ts");
    return generate(options);
  },
  async interpolate(options) {
    const { interpolate } = await import("../samples/interpolate.ts");
    return interpolate(options);
  },
  async exportGenerator(options) {
    const { exportGenerator } = await import("../samples/export-generator.ts");
    return exportGenerator(options);
  },
  async translate(options) {
    const { translateWithPage } = await import("../reports/translate-with-page.ts");
    return translateWithPage(options);
  },
  async diagnoseRun(folder, options) {
    const { diagnoseRun } = await import("../diagnosis/diagnose-run.ts");
    return diagnoseRun(folder, options);
  },
  async diagnoseSets(options) {
    const { diagnoseSets } = await import("../diagnosis/diagnose-sets.ts");
    return diagnoseSets(options);
  },
  async evaluate(options) {
    const { evaluate } = await import("../evaluate/evaluate.ts");
    return evaluate(options);
  },
  async evaluateEach(options, extractors) {
    const { evaluateEach } = await import("../evaluate/evaluate.ts");
    return evaluateEach(options, extractors);
  },
  async writePerImage(file, tables) {
    const { writePerImage } = await import("../reports/per-image-to-csv.ts");
    return writePerImage(file, tables);
  },
  async makeStatistics(options) {
    const { makeStatistics } = await import("../evaluate/statistics/make-statistics.ts");
    return makeStatistics(options);
  },
  async mergeStatistics(options) {
    const { mergeStatistics } = await import("../evaluate/statistics/merge-statistics.ts");
    return mergeStatistics(options);
  },
  async importInception(file, options) {
    const { importInception } = await import("../inception/import.ts");
    return importInception(file, options);
  },
  async downloadInception(options) {
    const { downloadInception } = await import("../inception/download.ts");
    return downloadInception(options);
  },
  async installedInception({ cacheDir }) {
    const { installedInception } = await import("../inception/installed.ts");
    return installedInception({ verify: true, cacheDir });
  },
  async cacheFolder(cacheDir) {
    const { cacheFolder } = await import("../inception/cache-folder.ts");
    return cacheFolder(cacheDir);
  },
  async listFeatureCache(cacheDir) {
    const { listEntries } = await import("../evaluate/feature-cache/list-entries.ts");
    return listEntries(await this.cacheFolder(cacheDir));
  },
  async clearFeatureCache(cacheDir, options) {
    const { clearEntries } = await import("../evaluate/feature-cache/clear-entries.ts");
    return clearEntries(await this.cacheFolder(cacheDir), options);
  },
  async digitsWeights() {
    const [{ DIGITS_WEIGHTS_FILE, readDigitsWeights }, { stat }] = await Promise.all([
      import("../extractors/digits/digits-weights.ts"),
      import("node:fs/promises"),
    ]);
    const { hash } = await readDigitsWeights();
    return { file: DIGITS_WEIGHTS_FILE, hash, bytes: (await stat(DIGITS_WEIGHTS_FILE)).size };
  },
  async listEngines() {
    const { listEngines } = await import("../engine/index.ts");
    return listEngines();
  },
  async sweep(options) {
    const { sweep } = await import("../sweep/sweep.ts");
    return sweep(options);
  },
  async compareRuns(locations, options) {
    const { compareRuns } = await import("../compare/functions.ts");
    return compareRuns(locations, options);
  },
  async compareRunFolders(folders, options) {
    const { runsToComparison } = await import("../compare/runs-to-comparison.ts");
    return runsToComparison(folders, options);
  },
  async compareResults(files, options) {
    const { compareResults } = await import("../compare/functions.ts");
    return compareResults(files, options);
  },
  async makeReport(request) {
    const { makeReport } = await import("../reports/make-report.ts");
    return makeReport(request);
  },
  async checkCharts() {
    const { checkCharts } = await import("../reports/chart-check.ts");
    return checkCharts();
  },
};
