/** Everything that decides a run: plain JSON, kept in its folder. */
import type { DeviceName, EngineName } from "../engine/engine.ts";
import type { ExtractorName } from "../evaluate/options.ts";
import type { ModelOptions } from "../train/model.ts";

/** What data a run is trained on. */
export interface DataConfig {
  readonly data: string;
  /** Pictures are brought to this size; null for the data's own. */
  readonly imgSize: number | null;
  readonly channels: 1 | 3 | null;
  readonly split: "train" | "test" | "all" | null;
  readonly limit: number | null;
  readonly onError: "fail" | "skip";
}

/** How long, and what is kept of it. */
export interface RecordingConfig {
  readonly rounds: number;
  readonly seed: number;
  /** Rounds between records. */
  readonly recordInterval: number;
  /** Batches between grids of samples; 0: none. */
  readonly sampleInterval: number;
  readonly checkpointInterval: number;
  readonly keepCheckpoints: number;
  /** Rounds between scorings; 0: none. */
  readonly evalEvery: number;
  readonly evalSamples: number;
  readonly evalMetrics: readonly string[];
  /** Null: digits for small grey pictures, else inception. */
  readonly extractor: ExtractorName | null;
  readonly earlyStop: number;
  readonly onNan: "stop" | "roll-back";
  readonly tensorboard: boolean;
  /** Rounds between looks at the run's health; 0: none. Left out: 500. */
  readonly diagnoseEvery?: number;
  /** Verdicts that end the run. */
  readonly stopOn?: readonly string[];
}

export interface ComputationConfig {
  readonly engine: EngineName | "auto";
  readonly device: DeviceName | "auto";
  /** Null: one per core. Sums of other numbers of threads may differ in their last bits. */
  readonly threads: number | null;
}

/** Where the evaluation's network and its features lie. They decide where things are found, and nothing about the run. */
export interface PlacesConfig {
  readonly weights?: string;
  readonly cacheDir?: string;
}
export const PLACES = ["weights", "cacheDir"] as const satisfies readonly (keyof PlacesConfig)[];

export type RunConfig = DataConfig & ModelOptions & RecordingConfig & ComputationConfig & PlacesConfig;
