/** From a measurement to its report. */
import type { EvaluationResult } from "../../evaluate/result.ts";
import { wordToShell } from "../../shell-word.ts";
import { classesToChart } from "../charts/score-charts.ts";
import { resultToReadings } from "../result-to-readings.ts";
import { floorToText, intervalToText, readingToText, resultToFacts } from "../result-to-text.ts";
import { type Headline, REPORT_SCHEMA, type Report } from "./report.ts";

function readingToHeadline(reading: ReturnType<typeof resultToReadings>[number]): Headline {
  const { name, direction } = reading;
  const interval = intervalToText(reading);
  const floor = floorToText(reading);
  return {
    name,
    value: readingToText(reading),
    ...(interval && { interval }),
    ...(floor && { floor }),
    ...(direction && { direction }),
  };
}

/** One page of one result; of several extractors each has its own. */
export function resultToReport(result: EvaluationResult): Report {
  const { inputs, provenance, byClass, warnings } = result;
  const sides = [inputs.fake?.location, inputs.real?.location].filter((side) => side !== undefined);
  return {
    schema: REPORT_SCHEMA,
    kind: "result",
    title: sides.join(" against ") || "A measurement",
    facts: [],
    verdicts: [],
    notJudged: [],
    headlines: resultToReadings(result).map(readingToHeadline),
    charts: byClass ? [classesToChart(byClass)] : [],
    tables: byClass
      ? [
          {
            id: "by-class",
            title: "By class",
            table: {
              columns: [
                { key: "name", title: "class" },
                { key: "real", title: "real", align: "right" },
                { key: "fake", title: "generated", align: "right" },
                { key: "distance", title: byClass.distanceKey, align: "right" },
              ],
              rows: byClass.classes.map(({ name, real, fake, distance, reason }) => ({
                name,
                real,
                fake,
                distance: distance === null ? (reason ?? null) : Number(distance.toPrecision(5)),
              })),
            },
          },
        ]
      : [],
    protocol: [
      ...resultToFacts(result),
      ["gan-eval", provenance.ganEval],
      ["node", provenance.node],
      ["begun", provenance.startedAt],
    ],
    command: provenance.command.map(wordToShell).join(" "),
    warnings,
    source: result,
  };
}
