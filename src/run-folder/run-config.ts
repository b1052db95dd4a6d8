/** Everything that decides a run: plain JSON, kept in its folder. */
import type { OptionsOf } from "../options/table.ts";
import { type DataConfig, TRAINING_DATA_TABLE } from "../train/data/options.ts";
import { MODEL_TABLE, type ModelOptions } from "../train/options/table.ts";
import { RUN_COMPUTATION_TABLE } from "./computation-options.ts";
import { RECORDING_TABLE } from "./recording-options.ts";

export type { DataConfig };

/** What is recorded of a run, and how it is evaluated. */
export type RecordingOptions = OptionsOf<typeof RECORDING_TABLE>;

/** How long, and what is kept of it. */
export type RecordingConfig = Omit<RecordingOptions, "stopOn"> & {
  readonly rounds: number;
  /** Verdicts that end the run; none if left out. */
  readonly stopOn?: RecordingOptions["stopOn"];
};

/** With what it is computed; `threads` null: one per core. */
export type ComputationConfig = OptionsOf<typeof RUN_COMPUTATION_TABLE>;

/** Where the evaluation's network and its features lie, and where images do: what decides nothing about the run. */
export interface PlacesConfig {
  readonly weights?: string;
  readonly cacheDir?: string;
  /** GiB that training images may take in memory; what is more is read from disk. */
  readonly memory?: number;
}
/** The places among other options. */
export const placesOf = ({ weights, cacheDir, memory }: PlacesConfig): PlacesConfig => ({
  ...(weights !== undefined && { weights }),
  ...(cacheDir !== undefined && { cacheDir }),
  ...(memory !== undefined && { memory }),
});
export const PLACES = ["weights", "cacheDir", "memory", "modelFile"] as const;

export type RunConfig = DataConfig &
  ModelOptions &
  RecordingConfig &
  ComputationConfig &
  PlacesConfig & {
    /** Where the module of a model of one's own lies, from the run's folder; `model` is what it was called at the start. */
    readonly modelFile?: string;
  };

/** The options that stand in a run's config under their names, by what consumes them. */
export const CONFIG_TABLES = {
  data: TRAINING_DATA_TABLE,
  model: MODEL_TABLE,
  recording: RECORDING_TABLE,
  computation: RUN_COMPUTATION_TABLE,
} as const;
