/** Reads the options of commands that open a trained generator. */
import { GanEvalError } from "../../../errors.ts";
import { type Cell, type Table, tableToText } from "../../../reports/table.ts";
import type { ClassChoice } from "../../../samples/choose-classes.ts";
import type { CheckpointChoice, GeneratorOptions } from "../../../samples/open-generator.ts";
import type { CommandContext, Outcome } from "../../command.ts";
import { withoutUndefined } from "../../measure.ts";
import type { OptionValues } from "../../options.ts";
import { tableToOutcome } from "../../outcomes.ts";

const notAValue = (flag: string, expects: string, got: string): GanEvalError =>
  new GanEvalError("usage.option-value", `${flag} expects ${expects}, got ${JSON.stringify(got)}`);

function textToCheckpoint(text: string): CheckpointChoice {
  if (text === "latest" || text === "best") return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw notAValue("--checkpoint", "latest, best or the number of a round", text);
}

/** Which generator a command line asks for. A checkpoint that was not asked for is left to the library. */
export const valuesToGenerator = (
  { run, checkpoint }: OptionValues<"run" | "checkpoint", "run">,
  { sources }: CommandContext,
): GeneratorOptions => ({
  run,
  ...(sources.checkpoint !== "default" && { checkpoint: textToCheckpoint(checkpoint) }),
});

/** With what a generator computes. */
export const valuesToComputation = ({
  batchSize,
  engine,
  device,
  threads,
}: OptionValues<"batchSize" | "engine" | "device" | "threads">) => ({
  batchSize,
  engine,
  device,
  ...withoutUndefined({ threads }),
});

/** `3,7`, `cat,fox` or `balanced`. */
export function textToClasses(text: string | undefined): { readonly classes?: ClassChoice } {
  if (text === undefined) return {};
  if (text === "balanced") return { classes: text };
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("")) throw notAValue("--classes", "classes separated by commas, or balanced", text);
  return { classes: words.map((word) => (/^(0|[1-9]\d*)$/.test(word) ? Number(word) : word)) };
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
