import type { EngineReport } from "../engine/index.ts";
import type { MadeStatistics, MakeStatisticsOptions } from "../evaluate/make-statistics.ts";
import type { EvaluateOptions, Progress } from "../evaluate/options.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import type { Exported, ExportOptions } from "../experiment/export-generator.ts";
import {
  exportGenerator,
  generate,
  interpolate,
  planTraining,
  resume,
  train,
} from "../experiment/functions.ts";
import type { Generated, GenerateOptions } from "../experiment/generate.ts";
import type { Interpolated, InterpolateOptions } from "../experiment/interpolate.ts";
import type { ResumeRequest, TrainingPlan, TrainRequest } from "../experiment/train.ts";
import type { TrainedRun } from "../experiment/train-run.ts";
import type { NetworkManifest } from "../inception/manifest.ts";
import type { ChartCheck } from "../reports/chart-check.ts";

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
  makeStatistics(options: MakeStatisticsOptions): Promise<MadeStatistics>;
  generate(options: GenerateOptions): Promise<Generated>;
  interpolate(options: InterpolateOptions): Promise<Interpolated>;
  exportGenerator(options: ExportOptions): Promise<Exported>;
  importInception(file: string, options: NetworkOptions): Promise<NetworkInfo>;
  downloadInception(options: NetworkOptions): Promise<NetworkInfo>;
  /** Undefined where none is installed. */
  installedInception(options: NetworkOptions): Promise<NetworkInfo | undefined>;
  /** The digits network's weights, built in. */
  digitsWeights(): Promise<{ readonly file: string; readonly hash: string; readonly bytes: number }>;
  cacheFolder(cacheDir: string | undefined): Promise<string>;
  listEngines(): Promise<EngineReport[]>;
  train(request: TrainRequest): Promise<TrainedRun>;
  resume(request: ResumeRequest): Promise<TrainedRun>;
  planTraining(request: TrainRequest): Promise<TrainingPlan>;
  checkCharts(): Promise<ChartCheck>;
}

/** Each function is imported when it is first called. */
export const library: Library = {
  ...{ train, resume, planTraining, generate, interpolate, exportGenerator },
  async evaluate(options) {
    const { evaluate } = await import("../evaluate/evaluate.ts");
    return evaluate(options);
  },
  async makeStatistics(options) {
    const { makeStatistics } = await import("../evaluate/make-statistics.ts");
    return makeStatistics(options);
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
    return installedInception({ verify: true, ...(cacheDir !== undefined && { cacheDir }) });
  },
  async cacheFolder(cacheDir) {
    const { cacheFolder } = await import("../inception/cache-folder.ts");
    return cacheFolder(cacheDir);
  },
  async digitsWeights() {
    const [{ DIGITS_WEIGHTS_FILE, readDigitsWeights }, { stat }] = await Promise.all([
      import("../inception/digits/digits-weights.ts"),
      import("node:fs/promises"),
    ]);
    const { hash } = await readDigitsWeights();
    return { file: DIGITS_WEIGHTS_FILE, hash, bytes: (await stat(DIGITS_WEIGHTS_FILE)).size };
  },
  async listEngines() {
    const { listEngines } = await import("../engine/index.ts");
    return listEngines();
  },
  async checkCharts() {
    const { checkCharts } = await import("../reports/chart-check.ts");
    return checkCharts();
  },
};
