/** Sweeps for programs: a plan of runs, and the training of them. */
import path from "node:path";
import * as zod from "zod";
import { SWEEP_OPTIONS } from "../cli/options/sweep.ts";
import { OPTIONS } from "../cli/options.ts";
import { fitValue, toOptionText, valuesToJobs } from "../cli/sweep-plan.ts";
import { TRAIN_OPTIONS, type TrainValues, valuesToTrainRequest } from "../cli/train-request.ts";
import { GanEvalError } from "../errors.ts";
import { MEASUREMENT_ROWS } from "../evaluate/option-rows.ts";
import type { Progress } from "../evaluate/options.ts";
import type { RunRequest } from "../experiment/request-to-config.ts";
import { checkOptions } from "../options/table.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { Axis } from "../sweep/axis.ts";
import { type PlannedRun, planSweep as planRuns } from "../sweep/plan.ts";
import type { Swept } from "../sweep/sweep.ts";
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

/** Options of `gan-eval train`, by the names that axes have: `{ data: "ring", rounds: 500 }`. They are checked by `sweep`. */
export type RunChoices = Readonly<
  Record<string, string | number | boolean | readonly string[] | readonly number[] | undefined>
>;

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
  for (const { name } of axes) requireOption(name);
  const { points = SWEEP_OPTIONS.points.default, seeds = SWEEP_OPTIONS.seeds.default } = plan;
  const { seed = MEASUREMENT_ROWS.seed.default } = plan;
  return planRuns({ axes, points, seeds, seed, adapt: fitValue, ...(random !== undefined && { random }) });
}

const ROWS = Object.fromEntries(TRAIN_OPTIONS.map((name) => [name, OPTIONS[name]])) as unknown as Pick<
  typeof OPTIONS,
  (typeof TRAIN_OPTIONS)[number]
>;

function requireOption(name: string): void {
  if (Object.hasOwn(ROWS, name)) return;
  const near = wordToSuggestion(name, [...TRAIN_OPTIONS]);
  throw new GanEvalError(
    "usage.sweep-option",
    `expected an option of training, got ${JSON.stringify(name)}`,
    {
      hint: near
        ? `Did you mean ${near}?`
        : "docs/options.md lists them, by the names they have in config files.",
    },
  );
}

/** A planned run as `gan-eval train` would be asked for it. */
function plannedToRequest(
  run: PlannedRun,
  location: string,
  common: RunChoices,
  threads: number,
): RunRequest {
  for (const name of Object.keys(common)) requireOption(name);
  const varied = Object.entries(run.options).map(([name, value]) => {
    requireOption(name);
    return [name, toOptionText(name as keyof TrainValues, value)];
  });
  const given: Record<string, unknown> = {
    ...{ evalEvery: SWEEP_OPTIONS.sweepEvalEvery.default, threads },
    ...Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(varied),
    seed: run.seed,
  };
  const values = checkOptions(ROWS, given, run.name, zod) as TrainValues;
  const sources = Object.fromEntries(Object.keys(given).map((name) => [name, "flag" as const]));
  const { data, model, recording, computation, epochs, folder, command, ...rest } = valuesToTrainRequest(
    values,
    location,
    { argv: [], sources } as unknown as Parameters<typeof valuesToTrainRequest>[2],
  );
  const { rounds, rate, generatorRate, discriminatorRate, penaltyWeight, weights, cacheDir, offline } = rest;
  return {
    ...{ data, model, recording, computation, epochs, folder, command, offline },
    ...(rounds !== undefined && { rounds }),
    ...(rate !== undefined && { rate }),
    ...(generatorRate !== undefined && { generatorRate }),
    ...(discriminatorRate !== undefined && { discriminatorRate }),
    ...(penaltyWeight !== undefined && { penaltyWeight }),
    ...(weights !== undefined && { weights }),
    ...(cacheDir !== undefined && { cacheDir }),
  };
}

/**
 * Trains planned runs, several processes at a time.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `usage.sweep-option`,
 *   `input.option-value`, `input.run-locked`; AbortError where `signal` ended it, after the runs were saved
 */
export function sweep({ folder, runs, common = {}, ...options }: SweepOptions): Promise<Swept> {
  return abortable(options.signal, async () => {
    const { sweep: sweepRuns } = await import("../sweep/sweep.ts");
    const wanted = { device: "auto", ...common, jobs: options.jobs } as const;
    const { jobs, threads } = valuesToJobs(wanted as never, runs.length);
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
