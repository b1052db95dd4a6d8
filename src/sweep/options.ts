/** Many runs: which, and how many at a time. */
import { integer, optional, text, words } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const SWEEP_OPTIONS = {
  sweepModels: option({
    group: "Sweep",
    kind: words("models separated by commas"),
    value: "LIST",
    flag: "model",
    default: ["gan"],
    summary: "models, which `gan-eval list-models` explains",
  }),
  sweepRates: option({
    group: "Sweep",
    kind: optional(text("learning rates: a range 1e-5..1e-2, or values separated by commas")),
    value: "RATES",
    flag: "lr",
    default: undefined,
    defaultText: "each model's own",
    summary: "learning rates of both networks: a range, or a list",
  }),
  vary: option({
    group: "Sweep",
    kind: optional(text("options and their values: b1=0,0.5 or n-critic=1..5")),
    repeats: true,
    value: "NAME=VALUES",
    default: undefined,
    defaultText: "none",
    summary:
      "another option of `gan-eval train`, and its values: a list, or a range (by ratio; from 0 or less by difference); may be given again and again. A + joins what is one list: penalty=none,interpolated+r1",
  }),
  points: option({
    group: "Sweep",
    kind: integer(1, 1000),
    value: "N",
    default: 7,
    summary: "values of each range in a grid, both ends among them",
  }),
  random: option({
    group: "Sweep",
    kind: optional(integer(1, 10_000)),
    value: "N",
    default: undefined,
    defaultText: "a grid",
    summary: "N draws, decided by --seed, of ranges and lists instead of a grid; every model gets the same",
  }),
  seeds: option({
    group: "Sweep",
    kind: integer(1, 1000),
    value: "N",
    default: 3,
    summary: "runs of each choice, with seeds from --seed on",
  }),
  jobs: option({
    group: "Sweep",
    kind: optional(integer(1, 256)),
    value: "N",
    short: "j",
    default: undefined,
    defaultText: "one per core, or cores / --threads; 1 on other devices than the CPU",
    summary: "runs at a time, each in a process of its own with its share of the cores",
  }),
  sweepEvalEvery: option({
    group: "Sweep",
    kind: integer(1),
    value: "N",
    flag: "eval-every",
    default: 1000,
    summary: "score the generator against held-out data every N rounds, and at the end",
  }),
  sweepOut: option({
    group: "Sweep",
    kind: optional(text("a folder")),
    value: "DIR",
    short: "o",
    flag: "out",
    default: undefined,
    defaultText: "sweeps/MODELS-DATA",
    summary: "folder of the runs and of scores.csv; runs that are there already are not trained again",
  }),
} as const;
