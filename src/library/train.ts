/** Training for programs: as on the command line, with everything but the data left to the defaults if need be. */

import { withNumberedFolder } from "../run-folder/reserve.ts";
import type { TrainingPlan } from "../runs/train.ts";
import type { TrainedRun } from "../runs/trained-run.ts";
import { abortable } from "./abort.ts";
import { resumeMonitored, trainMonitored } from "./monitored-training.ts";
import {
  optionsToName,
  optionsToRequest,
  optionsToResumeRequest,
  type ResumeOptions,
  type TrainOptions,
} from "./train-options.ts";

/**
 * Begins a run in a new folder and trains it. Health is looked at every `recording.diagnoseEvery` rounds (default 500);
 * a verdict of `recording.stopOn` ends the run, and stands in the result as `stopped: "verdict"`.
 * @throws GanEvalError `usage.*`, `input.*`, `run.*`; AbortError where `signal` ended it, after the run was saved
 */
export function train(options: TrainOptions = {}): Promise<TrainedRun> {
  return abortable(options.signal, () => {
    const trainInto = (folder: string) => trainMonitored(optionsToRequest(options, folder));
    return options.folder === undefined
      ? withNumberedFolder(optionsToName(options), trainInto)
      : trainInto(options.folder);
  });
}

/**
 * Goes on with a run from its newest checkpoint.
 * @throws GanEvalError `usage.run-changed`, `input.not-a-run`, ...; AbortError where `signal` ended it
 */
export function resume(options: ResumeOptions): Promise<TrainedRun> {
  return abortable(options.signal, () => resumeMonitored(optionsToResumeRequest(options)));
}

/** What a run would be: layers, memory, time. A few rounds are played, and nothing is written. */
export function planTraining(options: TrainOptions = {}): Promise<TrainingPlan> {
  return abortable(options.signal, async () =>
    (await import("../runs/train.ts")).planTraining(
      optionsToRequest(options, options.folder ?? optionsToName(options)),
    ),
  );
}
