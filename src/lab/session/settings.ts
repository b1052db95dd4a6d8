/** Options of a pane as controls of a page. */
import * as zod from "zod";
import type { RunConfig } from "../../run-folder/run-config.ts";
import { isPointsLocation } from "../../train/data/points.ts";
import { PENALTIES, type PenaltyName } from "../../train/penalties.ts";
import { dataToPage } from "../points/kept-points.ts";
import type { PlaneOptions, Setting } from "../protocol/plane-messages.ts";
import { HIDDEN_OPTIONS, PANE_OPTIONS, type PaneOption } from "./option-table.ts";
import { nameToFlag, optionsToConfig } from "./pane-options.ts";

/** What a choice is called, where its word alone says too little. */
const LABELS: Readonly<Record<string, string>> = {};

const wordToLabel = (word: string): string => LABELS[word] ?? word.replaceAll("-", " ");

/** Bounds and wholeness of a number, as the JSON schema of its kind says them. */
function kindToNumber({ row, most }: PaneOption): Setting["control"] {
  const schema = JSON.stringify(zod.toJSONSchema(row.kind.schema(zod), { unrepresentable: "any" }));
  const bound = (name: "minimum" | "maximum"): number | undefined => {
    const found = schema.match(new RegExp(`"${name}":(-?[\\d.e+]+)`));
    const value = found === null ? undefined : Number(found[1]);
    return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
  };
  const [least, own] = [bound("minimum"), bound("maximum")];
  const limit = most !== undefined && own !== undefined ? Math.min(most, own) : (most ?? own);
  return {
    kind: "number",
    isInteger: schema.includes('"integer"'),
    ...(least !== undefined && { least }),
    ...(limit !== undefined && { most: limit }),
  };
}

function optionToControl(option: PaneOption): Setting["control"] {
  const choices = option.choices ?? option.row.kind.choices;
  if (option.row.kind.isSwitch) return { kind: "toggle" };
  if (choices === undefined) return kindToNumber(option);
  return { kind: "choice", choices: choices.map((value) => ({ value, label: wordToLabel(value) })) };
}

/** What of a config a control shows, where that is not the option's own value. */
const VALUES: Readonly<Record<string, (config: RunConfig) => unknown>> = {
  lrGenerator: ({ rates }) => rates.generator,
  lrDiscriminator: ({ rates }) => rates.discriminator,
  data: ({ data }) => dataToPage(data),
  penalty: ({ penalty }) => penalty[0]?.name ?? "none",
  penaltyWeight: ({ penalty: [first] }) =>
    first === undefined ? 0 : (first.weight ?? PENALTIES[first.name as PenaltyName].weight),
};

export const configToValue = (config: RunConfig, name: string): unknown =>
  (VALUES[name] ?? ((of: RunConfig) => of[name as keyof RunConfig]))(config);

const isOwnPoints = (data: unknown): data is string => typeof data === "string" && isPointsLocation(data);

/** Points of a page's own are a choice where they are chosen. */
function withOwnPoints(control: Setting["control"], value: unknown): Setting["control"] {
  if (control.kind !== "choice" || !isOwnPoints(value)) return control;
  return { ...control, choices: [...control.choices, { value, label: "your own points" }] };
}

/** Controls do not change but for their values. */
let controls: ReadonlyMap<string, Setting["control"]> | undefined;

/** Every setting; its default is what it is with nothing but the model and the data chosen. */
export function optionsToSettings(options: PlaneOptions, config: RunConfig): Setting[] {
  const { data, model } = options;
  const plain = optionsToConfig({
    ...(data !== undefined && { data }),
    ...(model !== undefined && { model }),
  });
  const own = optionsToConfig({});
  controls ??= new Map(Object.entries(PANE_OPTIONS).map(([name, option]) => [name, optionToControl(option)]));
  return Object.entries(PANE_OPTIONS).flatMap(([name, { row, group, effect }]) =>
    HIDDEN_OPTIONS.includes(name)
      ? []
      : [
          {
            name,
            flag: nameToFlag(name).slice(2),
            summary: row.summary,
            effect,
            group,
            control: withOwnPoints(controls!.get(name)!, configToValue(config, name)),
            value: configToValue(config, name),
            default: configToValue(name === "model" || name === "data" ? own : plain, name),
          },
        ],
  );
}
