/** Many runs: which, and how many at a time. */
import { integer, optional, text, toggle, words } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { part } from "../options/part.ts";

export const SWEEP_OPTIONS = {
  sweepModels: option({
    group: "Sweep",
    kind: words("models separated by commas"),
    value: "LIST",
    flag: "model",
    default: ["gan"],
    summary: "models by name (`gan-eval list-models` explains them), or your own modules (docs/schemes.md)",
  }),
  sweepRates: option({
    group: "Sweep",
    kind: optional(text("learning rates: a range 1e-5..1e-2, or values separated by commas")),
    value: "RATES",
    flag: "lr",
    default: undefined,
    defaultText: "each model's own",
    summary: "learning rates of both networks, as a range or a list",
  }),
  vary: option({
    group: "Sweep",
    kind: optional(text("options and their values: b1=0,0.5 or discriminator-steps=1..5")),
    repeats: true,
    value: "NAME=VALUES",
    default: undefined,
    defaultText: "none",
    summary:
      "another option of `gan-eval train` and its values: a list, or a range (geometric; linear from 0 or less). Repeat the flag for more options. A + joins the words of one list: penalty=none,interpolated+r1",
  }),
  points: option({
    group: "Sweep",
    kind: integer(1, 1000),
    value: "N",
    default: 7,
    summary: "values per range in a grid, both ends included",
  }),
  random: option({
    group: "Sweep",
    kind: optional(integer(1, 10_000)),
    value: "N",
    default: undefined,
    defaultText: "a grid",
    summary:
      "draw N points from the ranges and lists, by --seed, instead of a grid; every model gets the same draws",
  }),
  seeds: option({
    group: "Sweep",
    kind: integer(1, 1000),
    value: "N",
    default: 3,
    summary: "runs per combination, with seeds from --seed on",
  }),
  jobs: option({
    group: "Sweep",
    kind: optional(integer(1, 256)),
    value: "N",
    short: "j",
    default: undefined,
    defaultText: "one per core, or cores / --threads; 1 on other devices than the CPU",
    summary: "runs at a time, each in its own process with its share of the cores",
  }),
  part: option({
    group: "Sweep",
    kind: optional(part()),
    value: "I/N",
    default: undefined,
    defaultText: "all runs",
    summary:
      "train share I of N only, I from 0: run i where i mod N = I, for N tasks on any machines with the same --out. No scores.csv: --collect writes it. Runs have 1 thread each unless --threads says otherwise, so that no bit depends on a machine's cores",
  }),
  collect: option({
    group: "Sweep",
    kind: toggle(),
    default: false,
    summary:
      "train nothing: write scores.csv and print the table from the runs that are there; exit 3 while some are missing, naming them",
  }),
  sweepEvalEvery: option({
    group: "Sweep",
    kind: integer(1),
    value: "N",
    flag: "eval-every",
    default: 1000,
    summary: "evaluate the generator against held-out data every N rounds, and at the end",
  }),
  sweepOut: option({
    group: "Sweep",
    kind: optional(text("a folder")),
    value: "DIR",
    short: "o",
    flag: "out",
    default: undefined,
    defaultText: "sweeps/MODELS-DATA",
    summary: "folder for the runs and scores.csv; existing runs are not trained again",
  }),
} as const;
