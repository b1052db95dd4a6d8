/** Sweeps for programs: a plan of runs, and the training of them. */
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { isPart, itemsOfPart, PART_EXPECTS, type Part, partToText } from "../options/part.ts";
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

export type { Part, RunChoices };

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
  /**
   * The share of `runs` that is trained here, every run i with i mod `of` = `index`, while other processes, on any machines
   * that see the folder, train the others (default: all). Runs have 1 thread unless `common` says otherwise, so that no bit
   * depends on a machine's cores. `collectSweep` writes scores.csv.
   */
  readonly part?: Part;
  /**
   * A queue whose workers (`gan-eval worker`) train the runs, instead of processes of this one: `redis://`, `rediss://`,
   * `postgres://`, or `@FILE` (default: none). Its packages are installed beside gan-eval (docs/queue.md). Then each run has
   * one thread unless `common` says otherwise, and `jobs` counts for nothing.
   */
  readonly queue?: string;
  /** The folder that this machine and the workers share; runs and data lie below it (default: the current folder). */
  readonly root?: string;
  /** Seconds, the same for all that use the queue: a dead worker's run is taken up after at most 1.25 times as many (default 60). */
  readonly queueLock?: number;
  /** Certificates of the server's authority, a PEM file (default: the system's). */
  readonly queueCa?: string;
  /** Whether a password may go to another machine without TLS (default false). */
  readonly queueInsecure?: boolean;
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

/** What `collectSweep` takes: what `sweep` was given, but for what decides how it is trained. */
export type CollectOptions = Omit<SweepOptions, "jobs" | "part" | `queue${string}` | "root">;

const requestsOf = (
  { folder, runs, common = {} }: SweepOptions,
  threads: number,
): { folder: string; runs: (PlannedRun & { request: RunRequest })[] } => ({
  folder,
  runs: runs.map((run) => ({
    ...run,
    request: plannedToRequest(run, path.join(folder, run.name), common, threads),
  })),
});

/**
 * Trains planned runs, several processes at a time, or by the workers of a queue. With `part` the result is of its share
 * alone; `missing` in it are runs of the share that another process trains. With a queue `warnings` may have
 * `queue-lost-jobs` and `queue-not-durable`.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `usage.sweep-option`,
 *   `usage.option-value`, `usage.sweep-part`, `input.run-locked`; with a queue `usage.queue-*` and `unavailable.queue`;
 *   AbortError where `signal` ended it, after the runs were saved; workers of a queue go on
 */
export function sweep(options: SweepOptions): Promise<SweepResult> {
  const { common = {}, part, queue, runs, signal } = options;
  return abortable(signal, async () => {
    if (part !== undefined && !isPart(part))
      throw new GanEvalError("usage.sweep-part", `expected ${PART_EXPECTS} as part, got ${partToText(part)}`);
    if (part !== undefined && queue !== undefined)
      throw new GanEvalError("usage.conflicting-option", "expected a part or a queue, got both", {
        hint: "A queue shares the runs out by itself.",
      });
    const { threads: asked, device = "auto" } = common as { threads?: number; device?: string };
    const share = part === undefined ? runs : itemsOfPart(runs, part);
    const isPinned = part !== undefined || queue !== undefined;
    const { jobs, threads } = optionsToJobs(
      { jobs: options.jobs, threads: asked, device, isPinned },
      share.length,
    );
    const plan = {
      ...requestsOf(options, threads),
      signal: signal ?? new AbortController().signal,
      onProgress: options.onProgress ?? (() => {}),
    };
    if (queue === undefined) {
      const { sweep: sweepRuns } = await import("../sweep/sweep.ts");
      return sweepRuns({ ...plan, jobs, part });
    }
    const { root, queueLock, queueCa, queueInsecure } = options;
    const { sweepOverQueue } = await import("../queue/sweep-over-queue.ts");
    return sweepOverQueue({
      ...plan,
      ...{ queue, root, queueCa },
      ...(queueLock !== undefined && { queueLock }),
      ...(queueInsecure !== undefined && { queueInsecure }),
    });
  });
}

/**
 * Writes the scores.csv of a sweep whose parts were trained, from what is there; trains nothing. `missing` of the result are
 * the runs that have not ended, and why: `at-work`, `broken-off`, `not-begun`.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `usage.sweep-option`,
 *   `usage.option-value`, `input.run-locked`; AbortError where `signal` ended it
 */
export function collectSweep(options: CollectOptions): Promise<SweepResult> {
  const { signal } = options;
  return abortable(signal, async () => {
    const { collectSweep: collect } = await import("../sweep/collect.ts");
    return collect({
      ...requestsOf(options, 1),
      signal: signal ?? new AbortController().signal,
      onProgress: options.onProgress ?? (() => {}),
    });
  });
}
