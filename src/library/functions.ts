/** What this room does, as functions that load tensorflow.js and ONNX Runtime only when they are called. */
import type { RunRecord } from "../run-folder/read-run.ts";
import type { ResumeRequest, TrainingPlan, TrainRequest } from "../runs/train.ts";
import type { TrainedRun } from "../runs/train-run.ts";
import type { Exported, ExportOptions } from "../samples/export-generator.ts";
import type { Generated, GenerateOptions } from "../samples/generate.ts";
import type { Interpolated, InterpolateOptions } from "../samples/interpolate.ts";

/** Begins a run in a new folder and trains it. */
export const train = async (request: TrainRequest): Promise<TrainedRun> =>
  (await import("../runs/train.ts")).train(request);

/** Goes on with a run from its newest checkpoint. */
export const resume = async (request: ResumeRequest): Promise<TrainedRun> =>
  (await import("../runs/train.ts")).resume(request);

/** What a run would be: layers, memory, time. */
export const planTraining = async (request: TrainRequest): Promise<TrainingPlan> =>
  (await import("../runs/train.ts")).planTraining(request);

/** Samples of a run's generator, written as images or points. */
export const generate = async (options: GenerateOptions): Promise<Generated> =>
  (await import("../samples/generate.ts")).generate(options);

/** Images from one latent to another. */
export const interpolate = async (options: InterpolateOptions): Promise<Interpolated> =>
  (await import("../samples/interpolate.ts")).interpolate(options);

/** A run's generator as an ONNX file or a tensorflow.js graph model. */
export const exportGenerator = async (options: ExportOptions): Promise<Exported> =>
  (await import("../samples/export-generator.ts")).exportGenerator(options);

/** What a run's folder holds. */
export const readRun = async (folder: string): Promise<RunRecord> =>
  (await import("../run-folder/read-run.ts")).readRun(folder);
