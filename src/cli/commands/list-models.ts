/** The command `gan-eval list-models`. */
import { type Table, tableToMarkdown, tableToText } from "../../reports/table.ts";
import { PRESETS, type Preset } from "../../train/presets.ts";
import { SCHEME_MODELS, type SchemeModel } from "../../train/schemes/models.ts";
import type { Outcome } from "../command.ts";
import { tableToOutcome } from "../outcomes.ts";
import { MODEL_TABLES, modelsInFull, presetToText, schemeToText } from "./list-models/model-tables.ts";

const TITLES: Readonly<Record<keyof typeof MODEL_TABLES, string>> = {
  models: "Models",
  schemes: "Models of several networks",
  losses: "Losses",
  penalties: "Penalties",
  auxiliaries: "Auxiliaries",
  networks: "Networks",
  optimizers: "Optimizers",
  schedules: "Schedules",
  differences: "Where models differ from PyTorch-GAN's",
  learning: "What models are shown to learn",
};

/** Names and sentences, which a narrow page has room for. */
const modelsToShortTable = (): Table => ({
  columns: [
    { key: "model", title: "model" },
    { key: "made", title: "what it is made of" },
  ],
  rows: [
    ...Object.entries(PRESETS as Readonly<Record<string, Preset>>).map(([model, preset]) => ({
      model,
      made: `${preset.label}: ${presetToText(preset)}`,
    })),
    ...Object.entries(SCHEME_MODELS as Readonly<Record<string, SchemeModel>>).map(([model, row]) => ({
      model,
      made: `${row.label}: ${schemeToText(row)}`,
    })),
  ],
});

/** `gan-eval list-models`: the models; as Markdown and JSON what they are put together from, too. */
export async function run(): Promise<Outcome> {
  const { models: _, differences: __, ...parts } = MODEL_TABLES;
  const rows = Object.fromEntries(Object.entries(parts).map(([name, table]) => [name, table.rows]));
  const json = { schema: "gan-eval/models/1", models: modelsInFull(), ...rows };
  return {
    ...tableToOutcome(json, MODEL_TABLES.models, (page) => tableToText(modelsToShortTable(), page)),
    markdown: () =>
      Object.entries(TITLES)
        .map(
          ([name, title]) => `## ${title}\n\n${tableToMarkdown(MODEL_TABLES[name as keyof typeof TITLES])}`,
        )
        .join("\n"),
    hints: ["gan-eval train --model NAME --dry-run   # its layers, memory and time"],
  };
}
