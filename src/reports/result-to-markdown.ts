/** A result as Markdown. */
import type { EvaluationResult } from "../evaluate/result.ts";
import { resultToReadings } from "./result-to-readings.ts";
import { floorToText, intervalToText, readingToText, resultToFacts } from "./result-to-text.ts";
import { tableToMarkdown } from "./table.ts";

/** Two tables, scores and context, and the warnings as a list: for pull requests and step summaries. */
export function resultToMarkdown(result: EvaluationResult): string {
  const readings = resultToReadings(result);
  const scores = tableToMarkdown({
    columns: [
      { key: "metric", title: "Metric" },
      { key: "value", title: "Value", align: "right" },
      ...(readings.some(({ interval }) => interval) ? [{ key: "interval", title: "95 % interval" }] : []),
      ...(readings.some(({ floor }) => floor) ? [{ key: "floor", title: "Real vs real" }] : []),
      { key: "better", title: "Better" },
    ],
    rows: readings.map((reading) => ({
      metric: reading.name,
      value: readingToText(reading),
      interval: intervalToText(reading),
      floor: floorToText(reading),
      better: reading.direction ?? null,
    })),
  });
  const context = tableToMarkdown({
    columns: [
      { key: "name", title: "Context" },
      { key: "text", title: "" },
    ],
    rows: resultToFacts(result).map(([name, text]) => ({ name, text })),
  });
  const warnings = result.warnings
    .map(({ message }) => `- **Warning:** ${lineToMarkdown(message)}\n`)
    .join("");
  return [scores, context, ...(warnings === "" ? [] : [warnings])].join("\n");
}

/** Keeps what a message quotes (file names, say) from being read as Markdown or HTML. */
export const lineToMarkdown = (text: string): string =>
  text
    .replaceAll("\n", " ")
    .replace(/[\\`*_[\]|]/g, (character) => `\\${character}`)
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
