/** A run as its page shows it: the report's charts and verdicts, of a run that may be in progress. */
import { recordToDiagnosis } from "../../diagnosis/diagnose-run.ts";
import type { Severity } from "../../diagnosis/verdict.ts";
import type { Chart } from "../../reports/charts/chart.ts";
import { runToCharts } from "../../reports/content/run-charts.ts";
import { textToVisible } from "../../reports/page.ts";
import { type RunRecord, readRun } from "../../run-folder/read-run.ts";
import { wordToShell } from "../../shell-word.ts";
import { requireOwnFiles } from "../index/own-files.ts";

export interface RunView {
  readonly id: string;
  readonly charts: readonly Chart[];
  /** Worst first; none before anything is recorded. */
  readonly verdicts: readonly {
    readonly title: string;
    readonly severity: Severity;
    readonly summary: string;
  }[];
  readonly warnings: readonly string[];
  /** The newest first. */
  readonly events: readonly { readonly round: number; readonly kind: string; readonly message: string }[];
  /** Rounds whose grids of samples are there, rising. */
  readonly samples: readonly number[];
  /** The command that began it, for a shell. */
  readonly command: string;
  /** Its options by name. */
  readonly options: readonly (readonly [name: string, value: string])[];
}

/** More events are of no use on a page. */
const MOST_EVENTS = 200;

const valueToText = (value: unknown): string =>
  textToVisible(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** None of a run that has recorded nothing yet. */
function recordToVerdicts(run: RunRecord): RunView["verdicts"] {
  if (run.losses.rounds.length === 0 && run.status !== "failed") return [];
  try {
    return recordToDiagnosis(run).verdicts.map(({ title, severity, summary }) => ({
      ...{ title, severity },
      summary: textToVisible(summary),
    }));
  } catch {
    return [];
  }
}

/** @throws GanEvalError `input.not-a-run` */
export async function folderToView(id: string, folder: string): Promise<RunView> {
  await requireOwnFiles(folder);
  const run = await readRun(folder);
  const { command, events, config } = run.description;
  return {
    id,
    charts: runToCharts(run),
    verdicts: recordToVerdicts(run),
    // A row that is being written is no news on a page that follows it.
    warnings: run.warnings
      .filter(({ code }) => code !== "cut-table")
      .map(({ message }) => textToVisible(message)),
    events: events
      .slice(-MOST_EVENTS)
      .reverse()
      .map(({ round, kind, message }) => ({
        round,
        kind: textToVisible(kind),
        message: textToVisible(message),
      })),
    samples: run.samples.map(({ round }) => round),
    command: textToVisible(command.map(wordToShell).join(" ")),
    options: Object.entries(config).map(([name, value]) => [textToVisible(name), valueToText(value)]),
  };
}
