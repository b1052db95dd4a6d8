/** gan-eval/train: training, and what models are made of. */

export type { JudgedState, OpenMonitor, RunMonitor } from "./diagnosis/run-monitor.ts";
export { AbortError, type ErrorCode, type ErrorKind, GanEvalError } from "./errors.ts";
export { planTraining, resume, train } from "./library/train.ts";
export type {
  DataChoices,
  OwnModelChoices,
  ResumeOptions,
  TrainingSource,
  TrainOptions,
} from "./library/train-options.ts";
export { trainRounds } from "./library/train-rounds.ts";
export type { TrainedRun } from "./runs/trained-run.ts";
export type { Judged, Targets } from "./train/auxiliaries.ts";
export { AUXILIARIES, type Auxiliary, type AuxiliaryName } from "./train/auxiliaries.ts";
export type { DomainsWanted } from "./train/data/domains-wanted.ts";
export type { HeldOut, OpenedData } from "./train/data/opened-data.ts";
export type { Critic, NetworkRole } from "./train/gan-model.ts";
export type { LatentSpec } from "./train/latent.ts";
export { LOSSES, type Loss, type LossFunction, type LossName, type LossNumbers } from "./train/losses.ts";
export type { BatchNormOptions } from "./train/networks/batch-layers.ts";
export type { BorderOptions } from "./train/networks/border-layers.ts";
export type { ResidualOptions, SkipOptions } from "./train/networks/composite-layers.ts";
export type { Doubling, NormName } from "./train/networks/image-blocks.ts";
export type { ShuffleOptions, SizeOptions } from "./train/networks/image-layers.ts";
export type { Initializer } from "./train/networks/initial-arrays.ts";
export type { LabelEmbeddingOptions, ProjectionOptions } from "./train/networks/label-layers.ts";
export type { ArraySpec, Mode, Specs } from "./train/networks/layer-row.ts";
export type { Layer, LayerKind, LayerOptions } from "./train/networks/layers.ts";
export type {
  ConvolutionOptions,
  DenseOptions,
  Linear,
  MaxoutOptions,
  TransposedConvolutionOptions,
} from "./train/networks/linear-layers.ts";
export type { JudgeName } from "./train/networks/named-judge.ts";
export {
  type AppliedNetwork,
  type LayerRecord,
  layersToNetwork as network,
  type Network,
  type NetworkArrays,
} from "./train/networks/network.ts";
export type {
  AdaptiveNormOptions,
  InstanceNormOptions,
  LayerNormOptions,
} from "./train/networks/norm-layers.ts";
export type { NetworkRequest } from "./train/networks/pairs.ts";
export { PAIRS, type Pair, type PairName } from "./train/networks/pairs.ts";
export type { PoolOptions } from "./train/networks/pool-layers.ts";
export type { Shape } from "./train/networks/shapes.ts";
export type { SideChannelsOptions } from "./train/networks/side-layers.ts";
export type { DropoutOptions, ReshapeOptions, SigmoidOptions } from "./train/networks/unit-layers.ts";
export type { OptimizerName, OptimizerOptions } from "./train/optimizers.ts";
export type { Critic as PenaltyCritic, PenaltyInputs } from "./train/penalties.ts";
export { PENALTIES, type Penalty, type PenaltyName } from "./train/penalties.ts";
export { PRESETS, type Preset, type PresetName } from "./train/presets.ts";
export type { LayerNorms, RoundRecord } from "./train/round-record.ts";
export type { ScheduleName } from "./train/schedules.ts";
export type { InputKind, InputKinds, SchemeInput } from "./train/scheme/inputs.ts";
export type {
  JudgedSides,
  Maker,
  Pass,
  PassGiven,
  Phase,
  PlannedStep,
  Player,
  Pool,
  PreviewColumn,
  Round,
  RunProgress,
  Scheme,
  Term,
  TermWeight,
} from "./train/scheme/scheme.ts";
export type { SchemeModel } from "./train/schemes/models.ts";
export { type OwnScheme, scheme } from "./train/schemes/own-scheme.ts";
export {
  optionsToPlayer as player,
  type ParticularOptions,
  type SchemeOptions,
  type SchemeRequest,
  type SharedOptions,
} from "./train/schemes/scheme-request.ts";
/** What terms are made of: losses of discriminators and of those who fool them, distances, penalties. */
export * as terms from "./train/schemes/terms.ts";
export type { Batch, BatchRows, DataPosition, ImageArrays, TrainingData } from "./train/training-data.ts";
