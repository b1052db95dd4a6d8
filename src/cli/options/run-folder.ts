/** Options of `gan-eval train` about the run's folder, and of the demo's length. */
import { integer, optional, text, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const RUN_FOLDER_OPTIONS = {
  runOut: option({
    group: "Recording",
    kind: optional(text("a folder")),
    value: "DIR",
    short: "o",
    flag: "out",
    fixed: true,
    default: undefined,
    defaultText: "runs/MODEL-N, the next free number",
    summary: "folder of the run",
  }),
  resume: option({
    group: "Recording",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "resume a run from its last checkpoint; the result is byte-identical to an uninterrupted run",
  }),
  allowChanges: option({
    group: "Recording",
    kind: toggle(),
    default: false,
    summary: "allow a resumed run to continue with changed options",
  }),
  dryRun: option({
    group: "Recording",
    kind: toggle(),
    fixed: true,
    default: false,
    summary: "print layers, memory, steps and the estimated time, without training",
  }),
} as const;

export const DEMO_OPTIONS = {
  demoRounds: option({
    group: "Training",
    kind: integer(0),
    value: "N",
    flag: "rounds",
    default: 4500,
    summary: "rounds of training, about a minute on two cores; 0 only scores the built-in sets",
  }),
} as const;
