/** Training for programs: as on the command line, with everything but the data left to the defaults if need be. */

import { makeNumberedFolder } from "../run-folder/reserve.ts";
import type { TrainingPlan } from "../runs/train.ts";
import type { TrainedRun } from "../runs/train-run.ts";
import { abortable } from "./abort.ts";
import { planTraining as planRequest, resume as resumeRequest, train as trainRequest } from "./functions.ts";
import {
  optionsToModel,
  optionsToRequest,
  optionsToResumeRequest,
  type ResumeOptions,
  type TrainOptions,
} from "./train-options.ts";

const RUNS = "runs";

/** Diagnosis is loaded with the first run. */
const ownMonitor = async () => (await import("../diagnosis/live-monitor.ts")).openLiveMonitor;

async function trainInto(options: TrainOptions, folder: string): Promise<TrainedRun> {
  const openMonitor = options.openMonitor ?? (await ownMonitor());
  return trainRequest(optionsToRequest({ ...options, openMonitor }, folder));
}

/**
 * Begins a run in a new folder and trains it. Health is looked at every `recording.diagnoseEvery` rounds (default 500);
 * a verdict of `recording.stopOn` ends the run, and stands in the result as `stopped: "verdict"`.
 * @throws GanEvalError `usage.*`, `input.*`, `run.*`; AbortError where `signal` ended it, after the run was saved
 */
export function train(options: TrainOptions = {}): Promise<TrainedRun> {
  return abortable(options.signal, async () => {
    if (options.folder !== undefined) return trainInto(options, options.folder);
    const { folder, removeIfEmpty } = await makeNumberedFolder(RUNS, optionsToModel(options));
    try {
      return await trainInto(options, folder);
    } catch (error) {
      await removeIfEmpty();
      throw error;
    }
  });
}

/**
 * Goes on with a run from its newest checkpoint.
 * @throws GanEvalError `usage.run-changed`, `input.not-a-run`, ...; AbortError where `signal` ended it
 */
export function resume(options: ResumeOptions): Promise<TrainedRun> {
  return abortable(options.signal, async () =>
    resumeRequest(
      optionsToResumeRequest({ ...options, openMonitor: options.openMonitor ?? (await ownMonitor()) }),
    ),
  );
}

/** What a run would be: layers, memory, time. A few rounds are played, and nothing is written. */
export function planTraining(options: TrainOptions = {}): Promise<TrainingPlan> {
  return abortable(options.signal, () =>
    planRequest(optionsToRequest(options, options.folder ?? optionsToModel(options))),
  );
}
