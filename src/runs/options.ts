/** The folder of a run: a new one, or one that is resumed. */
import { optional, text, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const RUN_FOLDER_ROWS = {
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
    summary: "print layers, memory, steps, and how long compiling and training take, without training",
  }),
} as const;
