/** gan-eval/train: training, and what models are made of. */

export { AbortError, type ErrorCode, type ErrorKind, GanEvalError } from "./errors.ts";
export type { JudgedState, OpenJudge, RunJudge } from "./experiment/run-judge.ts";
export type { TrainedRun } from "./experiment/train-run.ts";
export { planTraining, resume, train } from "./library/train.ts";
export type { DataChoices, ResumeOptions, TrainingSource, TrainOptions } from "./library/train-options.ts";
export { trainRounds } from "./library/train-rounds.ts";
export { AUXILIARIES, type Auxiliary, type AuxiliaryName } from "./train/auxiliaries.ts";
export { LOSSES, type Loss, type LossFunction, type LossName, type LossNumbers } from "./train/losses.ts";
export { PAIRS, type Pair, type PairName } from "./train/networks/pairs.ts";
export { PENALTIES, type Penalty, type PenaltyName } from "./train/penalties.ts";
export { PRESETS, type Preset, type PresetName } from "./train/presets.ts";
export type { RoundRecord } from "./train/round-record.ts";
