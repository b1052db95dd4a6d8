/** Sweeps for programs: a plan of runs, and the training of them. */
import path from "node:path";
import { SEED_OPTION } from "../options/seed.ts";
import { withDefaults } from "../options/table.ts";
import type { Progress } from "../progress.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import type { Axis } from "../sweep/axis.ts";
import { optionsToJobs } from "../sweep/jobs.ts";
import { SWEEP_OPTIONS } from "../sweep/options.ts";
import { type PlannedRun, planSweep as planRuns } from "../sweep/plan.ts";
import { choicesToRequest, fitValue, type RunChoices } from "../sweep/run-choices.ts";
import type { SweepResult } from "../sweep/sweep.ts";
import { abortable } from "./abort.ts";

/** What a sweep varies. */
export interface SweepPlan {
  /** Options of `gan-eval train` by name, with their values as text, or with a range; `model` first. */
  readonly axes: readonly Axis[];
  /** Values of each range in a grid (default 7). */
  readonly points?: number;
  /** Instead of a grid: so many draws of all axes but the model (default: a grid). */
  readonly random?: number;
  /** Seeds of each choice, from `seed` on (default 3). */
  readonly seeds?: number;
  /** Default 2020. */
  readonly seed?: number;
}

export type { RunChoices };

/** What `sweep` takes. */
export interface SweepOptions {
  /** Every run gets a folder in it; runs that are there already are left, or gone on with. */
  readonly folder: string;
  /** What `planSweep` gives. */
  readonly runs: readonly PlannedRun[];
  /** What all runs have in common (default: the options' defaults; scores every 1000 rounds). */
  readonly common?: RunChoices;
  /** Processes at a time (default: as many as the cores have room for). */
  readonly jobs?: number;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends it with an AbortError; runs are saved, and the same call goes on (default: it runs to its end). */
  readonly signal?: AbortSignal;
}

/**
 * Runs in the order in which they are begun, for `sweep`: every combination of the axes, or draws of them, by every seed.
 * @throws GanEvalError `usage.sweep-option` for an axis that is no option, `usage.sweep-size`, `usage.option-value`
 */
export function planSweep({ axes, random, ...plan }: SweepPlan): PlannedRun[] {
  const { points, seeds } = SWEEP_OPTIONS;
  const counts = withDefaults({ points, seeds, seed: SEED_OPTION }, plan);
  return planRuns({ axes, random, ...counts, adapt: fitValue });
}

/** A planned run as `train` would be asked for it. */
const plannedToRequest = (
  { options, seed }: PlannedRun,
  location: string,
  common: RunChoices,
  threads: number,
): RunRequest =>
  choicesToRequest(
    { evalEvery: SWEEP_OPTIONS.sweepEvalEvery.default, threads, ...common, ...options, seed },
    location,
  );

/**
 * Trains planned runs, several processes at a time.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `usage.sweep-option`,
 *   `usage.option-value`, `input.run-locked`; AbortError where `signal` ended it, after the runs were saved
 */
export function sweep({ folder, runs, common = {}, ...options }: SweepOptions): Promise<SweepResult> {
  return abortable(options.signal, async () => {
    const { sweep: sweepRuns } = await import("../sweep/sweep.ts");
    const { threads: asked, device = "auto" } = common as { threads?: number; device?: string };
    const { jobs, threads } = optionsToJobs({ jobs: options.jobs, threads: asked, device }, runs.length);
    return sweepRuns({
      ...{ folder, jobs },
      runs: runs.map((run) => ({
        ...run,
        request: plannedToRequest(run, path.join(folder, run.name), common, threads),
      })),
      signal: options.signal ?? new AbortController().signal,
      onProgress: options.onProgress ?? (() => {}),
    });
  });
}
