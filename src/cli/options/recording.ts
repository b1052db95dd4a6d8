/** What is kept of a run, and its scores. */
import { integer, optional, text, toggle, words } from "../option-kinds.ts";
import { option } from "./option-row.ts";

export const RECORDING_OPTIONS = {
  runOut: option({
    group: "Recording",
    kind: optional(text("a folder")),
    value: "DIR",
    short: "o",
    flag: "out",
    default: undefined,
    defaultText: "runs/MODEL-N, the next number that is free",
    summary: "folder of the run",
  }),
  resume: option({
    group: "Recording",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "go on with a run where its last checkpoint is, to the same bytes as if it had never stopped",
  }),
  allowChanges: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "let a resumed run go on with other options than it was begun with",
  }),
  dryRun: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "print layers, memory, steps and the time that it will take, and train nothing",
  }),
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
    summary: "a grid of samples every N batches; 0 is never",
  }),
  checkpointInterval: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 1000,
    summary: "a checkpoint every N rounds",
  }),
  keepCheckpoints: option({
    group: "Recording",
    kind: integer(1),
    value: "N",
    default: 2,
    summary: "checkpoints to keep beside the best one",
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
    summary: "score the generator against held-out data every N rounds; 0 is never",
  }),
  evalSamples: option({
    group: "Recording",
    kind: integer(2),
    value: "N",
    default: 2000,
    summary: "samples to a scoring",
  }),
  evalMetrics: option({
    group: "Recording",
    kind: optional(words("metrics separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: "fid,is,precision,recall for pictures; modes for toys",
    summary: "what to score; the first decides which checkpoint is best",
  }),
  earlyStop: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 0,
    summary: "stop when N scorings in a row were no better than the best; 0 is never",
  }),
} as const;
