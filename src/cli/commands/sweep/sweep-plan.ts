/** The options of `gan-eval sweep` as runs: which, and what each would be on a command line of `gan-eval train`. */
import path from "node:path";
import { GanEvalError } from "../../../errors.ts";
import { flagToName } from "../../../options/option.ts";
import { itemsOfPart } from "../../../options/part.ts";
import { wordToSuggestion } from "../../../suggestion.ts";
import { type Axis, textToAxis } from "../../../sweep/axis.ts";
import { optionsToJobs } from "../../../sweep/jobs.ts";
import { type PlannedRun, planSweep } from "../../../sweep/plan.ts";
import {
  fitToRow,
  fitWeight,
  nameToTerm,
  parseChoice,
  splitTermWeights,
} from "../../../sweep/run-choices.ts";
import type { SweepRun } from "../../../sweep/sweep.ts";
import { MODEL_NAMES } from "../../../train/options/model.ts";
import {
  isOwnModel,
  isUnreadModule,
  modelToName,
  UNREAD_MODULE_HINT,
} from "../../../train/schemes/own-model.ts";
import type { CommandContext } from "../../command.ts";
import { nameToFlag, optionRow } from "../../options.ts";
import type { OptionSource } from "../../resolve-options.ts";
import { TRAIN_OPTIONS, type TrainValues, valuesToRunRequest } from "../train/request.ts";
import { OWN, SHARED, type SweepValues, type TrainOption } from "./sweep-options.ts";

/** Options that `--vary` may name: not those that have flags of their own here, nor where and with what is computed. */
const NOT_VARIED: ReadonlySet<TrainOption> = new Set<TrainOption>([
  ...OWN,
  ...(["seed", "engine", "device", "threads", "selfCheck", "weights"] as const),
  ...(["cacheDir", "offline", "tensorboard"] as const),
]);

/** `b1`, `n_critic` or an alias to the option's name. @throws GanEvalError `usage.vary` */
function wordToOption(word: string): TrainOption {
  const flag = word.replaceAll("_", "-").toLowerCase();
  const names = TRAIN_OPTIONS.filter((name) => !NOT_VARIED.has(name));
  const found = names.find(
    (name) =>
      nameToFlag(name) === flag ||
      name === flagToName(word) ||
      optionRow(name).formerly === flagToName(word) ||
      (optionRow(name).aliases ?? []).includes(flag),
  );
  if (found) return found;
  const near = wordToSuggestion(flag, names.map(nameToFlag));
  throw new GanEvalError(
    "usage.vary",
    `--vary expects an option of gan-eval train, got ${JSON.stringify(word)}`,
    {
      hint: near
        ? `Did you mean ${near}?`
        : "Models, learning rates and seeds have their own flags: --model, --lr, --seeds.",
    },
  );
}

/** Folders and columns of a sweep keep the name that an option had before: the same command finds them again. */
const optionToAxis = (option: TrainOption): string => optionRow(option).formerly ?? option;

const axisToOption = (axis: string): TrainOption =>
  TRAIN_OPTIONS.find((option) => optionToAxis(option) === axis) ?? (axis as TrainOption);

/** `b1=0,0.5,loss=hinge`: a word with `=` begins the next option. */
function varyToAxes(vary: string | undefined): Axis[] {
  if (vary === undefined) return [];
  const parts = vary.split(/,(?=[A-Za-z][\w.-]*=)/);
  return parts.map((part) => {
    const [, word, values] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    if (word === undefined || values === undefined)
      throw new GanEvalError("usage.vary", `--vary expects NAME=VALUES, got ${JSON.stringify(part)}`, {
        hint: "For example: --vary b1=0,0.5",
      });
    const axis = nameToTerm(word) === undefined ? optionToAxis(wordToOption(word)) : word;
    return textToAxis(axis, values, `--vary ${word}`);
  });
}

/** @throws GanEvalError `usage.option-value` for what is neither a model's name nor the path of a module */
function refuseUnknownModel(model: string): void {
  if ((MODEL_NAMES as readonly string[]).includes(model) || isOwnModel(model)) return;
  const near = wordToSuggestion(model, MODEL_NAMES);
  const names = near ? `Did you mean ${near}?` : "`gan-eval list-models` explains them.";
  throw new GanEvalError(
    "usage.option-value",
    `--model expects ${optionRow("model").kind.expects}, got ${JSON.stringify(model)}`,
    { hint: isUnreadModule(model) ? UNREAD_MODULE_HINT : names },
  );
}

function valuesToAxes({ sweepModels, sweepRates, vary }: SweepValues): Axis[] {
  for (const model of sweepModels) refuseUnknownModel(model);
  const axes: Axis[] = [
    { name: "model", values: sweepModels },
    ...(sweepRates === undefined ? [] : [textToAxis("lr", sweepRates, "--lr")]),
    ...varyToAxes(vary),
  ];
  const names = axes.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new GanEvalError("usage.vary", `--vary expects each option once, got ${twice} twice`, {
      hint: "Put all its values in one list, separated by commas.",
    });
  return axes;
}

/** The value as the option takes it. @throws GanEvalError `usage.option-value` */
function fitValue(name: string, value: string): string {
  const term = nameToTerm(name);
  if (term !== undefined) return fitWeight(`--vary ${name}`, term, value);
  const option = axisToOption(name);
  const row = optionRow(option);
  const fitted = fitToRow(row, value);
  if (fitted !== undefined) return fitted;
  throw new GanEvalError(
    "usage.option-value",
    `--${nameToFlag(option)} expects ${row.kind.expects}, got ${JSON.stringify(value)}`,
  );
}

/** `--b1 0.5`, `--no-ema`. */
function valueToFlags(name: TrainOption, value: unknown): string[] {
  if (value === undefined) return [];
  const flag = nameToFlag(name);
  if (optionRow(name).kind.isSwitch) return [value ? `--${flag}` : `--no-${flag}`];
  return [`--${flag}`, optionRow(name).kind.toText?.(value) ?? String(value)];
}

/** Options of one run, and where they came from. */
function runToValues(
  { options, seed }: PlannedRun,
  values: SweepValues,
  sources: CommandContext["sources"],
  threads: number,
): { values: TrainValues; sources: Record<string, OptionSource> } {
  const { weights, named } = splitTermWeights(options);
  const varied = Object.entries(named).map(([axis, value]) => {
    const name = axisToOption(axis);
    const parsed = parseChoice(optionRow(name), value);
    return [name, parsed.success ? parsed.data : undefined] as const;
  });
  const given = {
    ...Object.fromEntries(varied),
    ...(Object.keys(weights).length > 0 && { termWeights: { ...values.termWeights, ...weights } }),
    threads,
    evalEvery: values.sweepEvalEvery,
    seed,
  };
  const shared = Object.fromEntries(SHARED.map((name) => [name, values[name]]));
  const own = { lr: undefined, runOut: undefined, resume: undefined, allowChanges: false, dryRun: false };
  return {
    values: { ...shared, ...own, ...given } as unknown as TrainValues,
    sources: {
      ...Object.fromEntries(SHARED.map((name) => [name, sources[name] ?? "default"])),
      ...Object.fromEntries(Object.keys(given).map((name) => [name, "flag" as const])),
    },
  };
}

/** `sweeps/gan+wgan_gp-ring`: the same options find the same folder again. */
function valuesToFolder({ sweepOut, sweepModels, data }: SweepValues): string {
  if (sweepOut !== undefined) return sweepOut;
  const name = `${sweepModels.map(modelToName).join("+")}-${path.basename(data)}`
    .replace(/[^\w.+-]+/g, "-")
    .slice(0, 100);
  return path.join("sweeps", name);
}

/** @throws GanEvalError `usage.*` */
export function valuesToRuns(
  values: SweepValues,
  context: CommandContext,
): { folder: string; runs: SweepRun[]; jobs: number } {
  const { points, random, seeds, seed, part } = values;
  const folder = valuesToFolder(values);
  const planned = planSweep({
    axes: valuesToAxes(values),
    ...{ points, random, seeds, seed, adapt: fitValue },
  });
  const share = part === undefined ? planned : itemsOfPart(planned, part);
  const isPinned = part !== undefined || values.queue !== undefined;
  const { jobs, threads } = optionsToJobs({ ...values, isPinned }, share.length);
  const runs = planned.map((run): SweepRun => {
    const own = runToValues(run, values, context.sources, threads);
    const location = path.join(folder, run.name);
    const flags = TRAIN_OPTIONS.filter((name) => (own.sources[name] ?? "default") !== "default");
    const argv = [
      ...["gan-eval", "train"],
      ...flags.flatMap((name) => valueToFlags(name, own.values[name])),
      ...["--out", location],
    ];
    const request = valuesToRunRequest(own.values, location, { argv, sources: own.sources });
    return { ...run, request };
  });
  return { folder, runs, jobs };
}
