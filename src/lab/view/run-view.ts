/** What a run's page says beside its charts: verdicts, samples, events, options. */
import { recordToDiagnosis } from "../../diagnosis/diagnose-run.ts";
import type { Evidence, Severity } from "../../diagnosis/verdict.ts";
import { numberToText } from "../../reports/charts/chart-runtime.js";
import { textToVisible } from "../../reports/page.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import { wordToShell } from "../../shell-word.ts";
import type { VerdictSpan } from "./verdict-timeline.ts";
import type { WatchedRun } from "./watched-run.ts";

/** `coverage 0.2, below 0.5 (Naeem et al. 2020)` in its parts. */
export interface ShownEvidence {
  readonly metric: string;
  readonly value: string;
  readonly threshold: string;
  readonly source: string;
}

export interface ShownSpan {
  readonly title: string;
  readonly severity: Severity;
  readonly from: number;
  readonly to: number;
  readonly isHeld: boolean;
  readonly summary: string;
  readonly evidence: readonly ShownEvidence[];
}

export interface RunView {
  readonly id: string;
  /** Worst first; none before anything is recorded. */
  readonly verdicts: readonly {
    readonly title: string;
    readonly severity: Severity;
    readonly summary: string;
    readonly evidence: readonly ShownEvidence[];
  }[];
  /** Of the monitor; it looked each so many rounds. */
  readonly timeline: readonly ShownSpan[];
  readonly looksEvery: number;
  readonly round: number;
  readonly rounds: number;
  readonly warnings: readonly string[];
  /** The newest first. */
  readonly events: readonly { readonly round: number; readonly kind: string; readonly message: string }[];
  /** Rounds whose grids of samples are there, rising. */
  readonly samples: readonly number[];
  /** What stands above the columns of a grid; none of most models. */
  readonly columns: readonly string[];
  /** Drawings, not pixels to be seen one by one. */
  readonly areDrawings: boolean;
  /** The command that began it, for a shell. */
  readonly command: string;
  /** Its options by name. */
  readonly options: readonly (readonly [name: string, value: string])[];
}

/** More events are of no use on a page. */
const MOST_EVENTS = 200;

export const valueToText = (value: unknown): string =>
  textToVisible(typeof value === "string" ? value : (JSON.stringify(value) ?? "unset"));

const evidenceToShown = ({ metric, value, comparison, threshold, source }: Evidence): ShownEvidence => ({
  metric: textToVisible(metric),
  value: numberToText(value),
  threshold: `${comparison} ${numberToText(threshold)}`,
  source: textToVisible(source),
});

const spanToShown = ({ title, severity, from, to, isHeld, summary, evidence }: VerdictSpan): ShownSpan => ({
  ...{ title, severity, from, to, isHeld },
  summary: textToVisible(summary),
  evidence: evidence.map(evidenceToShown),
});

/** None of a run that has recorded nothing yet. */
function recordToVerdicts(run: RunRecord): RunView["verdicts"] {
  if (run.losses.rounds.length === 0 && run.status !== "failed") return [];
  try {
    return recordToDiagnosis(run).verdicts.map(({ title, severity, summary, evidence }) => ({
      ...{ title, severity },
      summary: textToVisible(summary),
      evidence: evidence.map(evidenceToShown),
    }));
  } catch {
    return [];
  }
}

/** Of a run that was read. */
export function watchedToView(id: string, watched: WatchedRun): RunView {
  const run = watched.record!;
  const { timeline } = watched;
  try {
    timeline.update(run);
  } catch {
    // Tables from elsewhere may hold what no judge expects: the page shows the rest.
  }
  const { command, events, config, data, scheme, rounds } = run.description;
  return {
    id,
    verdicts: recordToVerdicts(run),
    timeline: timeline.spans.map(spanToShown),
    looksEvery: timeline.step,
    round: Math.max(run.description.round, run.losses.rounds.at(-1) ?? 0),
    rounds,
    warnings: run.warnings.map(({ message }) => textToVisible(message)),
    events: events
      .slice(-MOST_EVENTS)
      .reverse()
      .map(({ round, kind, message }) => ({
        round,
        kind: textToVisible(kind),
        message: textToVisible(message),
      })),
    samples: run.samples.map(({ round }) => round),
    columns: (scheme?.columns ?? []).map(textToVisible),
    areDrawings: data.shape.length === 1,
    command: textToVisible(command.map(wordToShell).join(" ")),
    options: Object.entries(config).map(([name, value]) => [textToVisible(name), valueToText(value)]),
  };
}
