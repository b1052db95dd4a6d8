/** Which options `gan-eval sweep` has: those of a run, and its own. */
import type { OptionName, OptionValues } from "../../options.ts";
import { TRAIN_OPTIONS } from "../train/request.ts";

export type TrainOption = (typeof TRAIN_OPTIONS)[number];

/** Options of a run that a sweep has its own way of giving, or that make no sense of many runs. */
export const OWN = [
  "model",
  "lr",
  "evalEvery",
  "runOut",
  "resume",
  "allowChanges",
  "dryRun",
] as const satisfies TrainOption[];
type Own = (typeof OWN)[number];
export const SHARED = TRAIN_OPTIONS.filter((name) => !(OWN as readonly string[]).includes(name)) as Exclude<
  TrainOption,
  Own
>[];

/** Of a sweep over a queue. */
const QUEUED_SWEEP_OPTIONS = [
  ...(["queue", "detach", "sameBits", "root", "queueLock", "queueCa", "queueInsecure"] as const),
] as const satisfies readonly OptionName[];

const SWEEP_ONLY = [
  ...(["sweepModels", "sweepRates", "vary", "points", "random", "seeds", "jobs"] as const),
  ...(["part", "collect", "sweepEvalEvery", "sweepOut"] as const),
  ...QUEUED_SWEEP_OPTIONS,
] as const satisfies readonly OptionName[];

export const SWEEP_COMMAND_OPTIONS = [...SWEEP_ONLY, ...SHARED] as const;

export type SweepValues = OptionValues<(typeof SWEEP_COMMAND_OPTIONS)[number]>;
