/** From a run's records to its report. Images and films are made elsewhere and handed in. */
import { toOptionValue } from "../../compare/option-values.ts";
import type { Diagnosis } from "../../diagnosis/verdict.ts";
import type { Warning } from "../../errors.ts";
import { keyToDirection } from "../../metrics/values.ts";
import { columnToScore, descriptionToCast } from "../../run-folder/cast.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import { wordToShell } from "../../shell-word.ts";
import { keyToName } from "../charts/metric-name.ts";
import { textToVisible } from "../page.ts";
import { countToText, countToWords, durationToText, scoreToText } from "../quantities.ts";
import type { Table } from "../table.ts";
import {
  type Fact,
  type Headline,
  type Neighbours,
  REPORT_SCHEMA,
  type Report,
  type Samples,
} from "./report.ts";
import { columnToSpread, isSpread, runToCharts } from "./run-charts.ts";
import type { ToyView } from "./toy-view.ts";

export interface RunMaterial {
  readonly run: RunRecord;
  readonly diagnosis?: Diagnosis;
  readonly samples?: Samples;
  readonly neighbours?: Neighbours;
  readonly toy?: ToyView;
  /** What a person wrote of it. */
  readonly notes?: string;
  /** Of what could not be made, beside the run's own. */
  readonly warnings?: readonly Warning[];
}

const lastOf = (values: Float64Array): number | undefined => values.findLast((value) => !Number.isNaN(value));

/** Counts of modes and classes have no decimals. */
const toFigure = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) > 1 ? countToText(value) : scoreToText(value);

function scoresToHeadlines({ scores, description }: RunRecord): Headline[] {
  const { best } = description;
  const cast = descriptionToCast(description);
  return [...scores.columns].flatMap(([key, values]): Headline[] => {
    const last = lastOf(values);
    if (last === undefined || isSpread(key, scores.columns, cast)) return [];
    const spread = lastOf(columnToSpread(key, scores.columns, cast) ?? new Float64Array(0));
    const score = columnToScore(cast, key);
    const direction = keyToDirection(score.key);
    const sign = direction === "lower" ? 1 : -1;
    let at = -1;
    for (const [i, value] of values.entries())
      if (Number.isFinite(value) && (at < 0 || sign * value < sign * values[at])) at = i;
    const isDeciding = best?.metric === key;
    return [
      {
        name: `${keyToName(score.key)}${score.of}`,
        value: spread ? `${toFigure(last)} ± ${scoreToText(spread)}` : toFigure(last),
        ...(direction !== "none" && { direction }),
        ...(direction !== "none" &&
          at >= 0 && {
            note: `best ${toFigure(values[at])} in round ${countToText(scores.rounds[at])}${isDeciding ? "; decides the best checkpoint" : ""}`,
          }),
      },
    ];
  });
}

const FIGURES: Readonly<Record<string, string>> = {
  real_score: "D(x), last",
  fake_score: "D(G(z)), last",
  held_out_accuracy: "Held-out accuracy, last",
  jsd: "Jensen-Shannon estimate, last",
};

/** Of each discriminator; of each term of a model of several networks. */
const lossesToHeadlines = ({ losses, description }: RunRecord): Headline[] => {
  const { judges, terms } = descriptionToCast(description);
  const figures = [
    ...terms.map(({ name, column }) => [column, `${name}, last`] as const),
    ...judges.flatMap(({ prefix, of }) =>
      Object.entries(FIGURES).map(
        ([key, name]) => [`${prefix}${key}`, name.replace(", last", `${of}, last`)] as const,
      ),
    ),
  ];
  return figures.flatMap(([key, name]) => {
    const last = lastOf(losses.columns.get(key) ?? new Float64Array(0));
    return last === undefined ? [] : [{ name: textToVisible(name), value: last.toPrecision(3) }];
  });
};

function runToFacts({ description, status, losses, timing }: RunRecord): Fact[] {
  const { config, data, rounds, round } = description;
  const reached = Math.max(round, losses.rounds.at(-1) ?? 0);
  const seconds = lastOf(timing.columns.get("seconds") ?? new Float64Array(0));
  return [
    ["model", textToVisible(String(config.model ?? "unknown"))],
    ["data", data.label],
    ["status", description.failure ? `${status}: ${description.failure}` : status],
    ["rounds", `${countToText(reached)} of ${countToText(rounds)}`],
    ...(seconds === undefined ? [] : [["trained for", durationToText(seconds)] as const]),
  ];
}

function runToProtocol({ description }: RunRecord): Fact[] {
  const { config, seed, started, updated, versions, data } = description;
  return [
    [
      "data",
      `${data.label}, ${data.count === undefined ? "endless" : countToWords(data.count, "example")}, shape ${data.shape.join(" x ")}${data.hash ? `, sha256 ${data.hash.slice(0, 12)}` : ""}`,
    ],
    ["seed", String(seed)],
    ...Object.entries(config)
      .filter(([name, value]) => name !== "seed" && name !== "data" && value !== null)
      .map(([name, value]): Fact => [name, String(toOptionValue(value))]),
    ...Object.entries(versions).map(([name, version]): Fact => [name, version]),
    ["begun", started],
    ["last updated", updated],
  ];
}

function networkToTable(layers: RunRecord["description"]["networks"][string]): Table {
  return {
    columns: [
      { key: "name", title: "layer" },
      { key: "kind", title: "kind" },
      { key: "output", title: "output" },
      { key: "parameters", title: "parameters", align: "right" },
    ],
    rows: layers.map(({ name, kind, output, parameters }) => ({
      ...{ name, kind },
      output: output.join(" x "),
      parameters: countToText(parameters),
    })),
  };
}

const eventsToTable = (events: RunRecord["description"]["events"]): Table => ({
  columns: [
    { key: "round", title: "round", align: "right" },
    { key: "kind", title: "event" },
    { key: "message", title: "what happened" },
  ],
  rows: events.map(({ round, kind, message }) => ({ round: countToText(round), kind, message })),
});

/** A row a paragraph. */
const notesToTable = (notes: string): Table => ({
  columns: [{ key: "text", title: "text" }],
  rows: notes
    .split(/\n+/)
    .filter((text) => text.trim() !== "")
    .map((text) => ({ text })),
});

/** Ids of the two networks that every page had before there were others. */
const IDS: Readonly<Record<string, readonly [id: string, title: string]>> = {
  generator: ["generator", "Generator"],
  discriminator: ["network-d", "Discriminator"],
};

const networksToTables = (networks: RunRecord["description"]["networks"]) =>
  Object.entries(networks).map(([name, layers]) => {
    const [id, title] = IDS[name] ?? [`network-${name}`, `Network ${textToVisible(name)}`];
    return { id, title, table: networkToTable(layers) };
  });

export function runToReport({
  run,
  diagnosis,
  samples,
  neighbours,
  toy,
  notes,
  warnings = [],
}: RunMaterial): Report {
  const { description } = run;
  const { networks, events } = description;
  return {
    schema: REPORT_SCHEMA,
    kind: "run",
    title: description.name,
    facts: runToFacts(run),
    verdicts: diagnosis?.verdicts ?? [],
    notJudged: diagnosis?.notJudged ?? [],
    headlines: [...scoresToHeadlines(run), ...lossesToHeadlines(run)],
    charts: runToCharts(run),
    ...(samples && { samples }),
    ...(neighbours && { neighbours }),
    ...(toy && { toy }),
    tables: [
      ...(notes ? [{ id: "notes", title: "Notes", table: notesToTable(notes) }] : []),
      ...(events.length > 0 ? [{ id: "events", title: "Events", table: eventsToTable(events) }] : []),
      ...networksToTables(networks),
    ],
    protocol: runToProtocol(run),
    command: description.command.map(wordToShell).join(" "),
    warnings: [...run.warnings, ...warnings],
    source: description,
  };
}
