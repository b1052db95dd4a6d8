/** Reads the options of commands that open a trained generator. */
import { GanEvalError } from "../../../errors.ts";
import { type Cell, type Table, tableToText } from "../../../reports/table.ts";
import type { ClassChoice } from "../../../samples/choose-classes.ts";
import type { CheckpointChoice } from "../../../samples/open-generator.ts";
import type { Outcome } from "../../command.ts";
import type { OptionValues } from "../../options.ts";
import { tableToOutcome } from "../../outcomes.ts";

const notAValue = (flag: string, expects: string, got: string): GanEvalError =>
  new GanEvalError("usage.option-value", `${flag} expects ${expects}, got ${JSON.stringify(got)}`);

function textToCheckpoint(text: string): CheckpointChoice {
  if (text === "latest" || text === "best") return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw notAValue("--checkpoint", "latest, best or the number of a round", text);
}

/** Which generator a command line asks for. */
export const valuesToGenerator = ({ run, checkpoint }: OptionValues<"run" | "checkpoint", "run">) => ({
  run,
  checkpoint: checkpoint === undefined ? undefined : textToCheckpoint(checkpoint),
});

/** `3,7`, `cat,fox` or `balanced`. */
export function textToClasses(text: string | undefined): ClassChoice | undefined {
  if (text === undefined || text === "balanced") return text;
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("")) throw notAValue("--classes", "classes separated by commas, or balanced", text);
  return words.map((word) => (/^(0|[1-9]\d*)$/.test(word) ? Number(word) : word));
}

/** An object told as a list of facts. */
export function factsToOutcome(json: unknown, facts: Readonly<Record<string, Cell>>): Outcome {
  const table: Table = {
    columns: [
      { key: "name", title: "" },
      { key: "value", title: "" },
    ],
    rows: Object.entries(facts).map(([name, value]) => ({ name, value })),
  };
  return tableToOutcome(json, table, (page) => tableToText(table, page).trimStart());
}
