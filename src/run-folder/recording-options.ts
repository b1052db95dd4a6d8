/** Options of what is recorded of a run, and how it is evaluated and watched on the way. */

import type { ExtractorName } from "../evaluate/options.ts";
import { networkNames } from "../networks/table.ts";
import { integer, nullable, oneOf, optional, toggle, words } from "../options/kinds.ts";
import { namesOf } from "../options/list-kinds.ts";
import { option } from "../options/option.ts";
import { SEED_OPTION } from "../options/seed.ts";
import { SCORES } from "./default-scores.ts";
import { PROBLEMS } from "./verdicts.ts";

const EXTRACTORS: readonly ExtractorName[] = ["inception", "digits", ...networkNames];

export const RECORDING_TABLE = {
  seed: SEED_OPTION,
  recordInterval: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 10,
    summary: "record losses, scores and norms every N rounds",
  }),
  sampleInterval: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 400,
    summary: "write a grid of samples every N batches; 0 disables",
  }),
  checkpointInterval: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 1000,
    summary: "write a checkpoint every N rounds",
  }),
  keepCheckpoints: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 2,
    summary: "checkpoints to keep besides the best one",
  }),
  tensorboard: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "also write event files for TensorBoard",
  }),
  evalEvery: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 0,
    summary: "evaluate the generator against held-out data every N rounds; 0 disables",
  }),
  evalSamples: option({
    group: "Recording",
    kind: integer(2),
    value: "N",
    default: 2000,
    summary: "samples in an evaluation",
  }),
  evalMetrics: option({
    group: "Recording",
    kind: words("metrics separated by commas", 0),
    value: "LIST",
    default: [],
    defaultText: `all that fit the data: of ${SCORES.images.join(",")} for images (stacked digits: classes alone), of ${SCORES.toy.join(",")} for toys`,
    summary: "metrics of an evaluation; the first decides which checkpoint is best",
  }),
  evalCi: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary:
      "of images: also measure how much sampling alone varies each score (intervals.csv), for comparisons over seeds; an evaluation takes several times as long",
  }),
  extractor: option({
    group: "Recording",
    kind: nullable(oneOf(EXTRACTORS)),
    value: "NAME",
    default: null,
    defaultText: "digits for grey images of 28x28 or 32x32, else inception",
    summary: "network whose features of images are evaluated",
  }),
  earlyStop: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 0,
    summary: "stop after N evaluations in a row without a new best; 0 disables",
  }),
  onNan: option({
    group: "Training",
    kind: oneOf(["stop", "roll-back"]),
    value: "WHAT",
    default: "stop",
    summary:
      "when a loss is NaN: stop, or go back to an earlier checkpoint with half the learning rates, up to three times",
  }),
  diagnoseEvery: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 500,
    summary:
      "check for collapse, vanishing gradients and other failures every N rounds, and warn; 0 disables",
  }),
  stopOn: option({
    group: "Recording",
    kind: optional(namesOf<string>(PROBLEMS)),
    value: "LIST",
    default: undefined,
    defaultText: "none: warn only",
    summary: "end the run when one of these is found: mode-collapse, divergence, ... (docs/diagnosis.md)",
  }),
} as const;
