/** What a page asks a pane to be, checked option by option, and the run that it is. */
import * as zod from "zod";
import { GanEvalError } from "../../errors.ts";
import { nameToKebab } from "../../options/option.ts";
import type { RunConfig } from "../../run-folder/run-config.ts";
import { type RunRequest, requestToConfig } from "../../runs/request-to-config.ts";
import { wordToSuggestion } from "../../suggestion.ts";
import { isPointsLocation } from "../../train/data/points.ts";
import { TOY_DATA, type ToyName } from "../../train/toy-data.ts";
import { dataToDimensions } from "../points/kept-points.ts";
import type { PlaneOptions } from "../protocol/plane-messages.ts";
import { nameToOption, PANE_OPTIONS } from "./option-table.ts";

/** Rounds between evaluations: what verdicts are judged by. */
export const EVAL_EVERY = 250;
const DEFAULT_DATA = "ring";

export const nameToFlag = (name: string): string => `--${PANE_OPTIONS[name].row.flag ?? nameToKebab(name)}`;

const refuse = (name: string, expects: string, got: unknown, hint?: string): never => {
  throw new GanEvalError(
    "usage.option-value",
    `${nameToFlag(name)} expects ${expects}, got ${JSON.stringify(got)}`,
    hint === undefined ? {} : { hint },
  );
};

/** @throws GanEvalError `usage.option-value` for what the option does not take, or takes elsewhere and not here */
function valueToChecked(name: string, value: unknown): unknown {
  const { row, choices, most } = PANE_OPTIONS[name];
  const isOwn = name === "data" && typeof value === "string" && isPointsLocation(value);
  if (choices !== undefined && typeof value === "string" && !isOwn && !choices.includes(value)) {
    const near = wordToSuggestion(value, choices);
    refuse(name, `one of ${choices.join(", ")} here`, value, near && `Did you mean ${near}?`);
  }
  const parsed = row.kind.schema(zod).safeParse(value);
  if (!parsed.success) refuse(name, row.kind.expects, value);
  if (most !== undefined && (parsed.data as number) > most)
    refuse(name, `at most ${most} here`, value, "gan-eval train takes more.");
  return parsed.data;
}

/**
 * Options by name, each as its kind has it.
 * @throws GanEvalError `usage.lab-option` for one that the lab does not have, `usage.option-value`
 */
export function checkOptions(given: PlaneOptions): PlaneOptions {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (nameToOption(name) === undefined) {
        const near = wordToSuggestion(name, Object.keys(PANE_OPTIONS));
        throw new GanEvalError(
          "usage.lab-option",
          `expected one of ${Object.keys(PANE_OPTIONS).join(", ")}, got ${JSON.stringify(name)}`,
          { hint: near ? `Did you mean ${near}?` : "The lab has the options of points alone." },
        );
      }
      return [name, valueToChecked(name, value)];
    }),
  );
}

/** Options with one of them changed. Another model brings its own rules along. */
export function withOption(options: PlaneOptions, name: string, value: unknown): PlaneOptions {
  const checked = checkOptions({ [name]: value });
  const kept =
    name === "model"
      ? Object.fromEntries(Object.entries(options).filter(([key]) => !PANE_OPTIONS[key].isPresets))
      : options;
  return { ...kept, ...checked };
}

const atPlace = (options: PlaneOptions, place: string | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => PANE_OPTIONS[name].place === place));

/** A toy, or points that the lab keeps. */
export const optionsToData = ({ data = DEFAULT_DATA }: PlaneOptions): string => data as string;

const optionsToDimensions = (options: PlaneOptions): number => {
  const data = optionsToData(options);
  return isPointsLocation(data) ? dataToDimensions(data) : TOY_DATA[data as ToyName].d;
};

/** What `gan-eval train` is asked for; `rounds`: how long, where the options do not say. */
export function optionsToRequest(options: PlaneOptions, folder: string, rounds?: number): RunRequest {
  return {
    rounds,
    ...atPlace(options, undefined),
    data: { data: DEFAULT_DATA, ...atPlace(options, "data") },
    model: atPlace(options, "model"),
    recording: { evalEvery: EVAL_EVERY, ...atPlace(options, "recording") },
    computation: { threads: 1 },
    folder,
  } as RunRequest;
}

/** The run that they make. @throws GanEvalError `usage.*`, `input.run-config` */
export const optionsToConfig = (options: PlaneOptions): RunConfig =>
  requestToConfig(optionsToRequest(options, "."), { shape: [optionsToDimensions(options)] });
