/** The command `gan-eval stop`. */
import { GanEvalError, isCode, type Warning } from "../../errors.ts";
import { textToVisible } from "../../reports/page.ts";
import type { Table } from "../../reports/table.ts";
import type { StoppedRun } from "../../run-folder/stop-run.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval stop RUN...` */
export async function run(
  { wait }: OptionValues<"wait">,
  context: CommandContext,
  folders: readonly string[],
): Promise<Outcome> {
  const { library, signal, clock, onProgress } = context;
  const asked = await Promise.allSettled(
    [...new Set(folders)].map((folder) => library.stopRun(folder, { wait, signal, clock, onProgress })),
  );
  refuseStopped(signal);
  const stopped = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const errors = asked.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  // Of `runs/*` most have ended. That none is in progress is a mistake.
  const grave = errors.find((error) => !isCode(error, "usage.not-running"));
  if (grave !== undefined || stopped.length === 0) throw grave ?? errors[0];
  return {
    ...tableToOutcome(
      { schema: "gan-eval/stop/1", runs: stopped },
      stoppedToTable(stopped),
      () => `${stopped.map(stoppedToText).join("\n")}\n`,
    ),
    warnings: errors.map(errorToWarning),
    hints: stopped.flatMap(stoppedToHint),
  };
}

/** The request is there, and nobody takes it back. */
function refuseStopped({ aborted }: AbortSignal): void {
  if (aborted)
    throw new GanEvalError("run.interrupted", "interrupted while waiting: the requests to stop stay", {
      hint: "The runs stop all the same, as soon as they see them.",
    });
}

const errorToWarning = (error: unknown): Warning => {
  const { code, message, hint } = error as GanEvalError;
  return { code, message, ...(hint !== undefined && { hint }) };
};

const progressOf = ({ round, rounds }: StoppedRun): string =>
  round === undefined ? "before its first round" : `after round ${round} of ${rounds}`;

/** What is said of each ending of a run. */
const ENDINGS: Readonly<Record<StoppedRun["ending"], (run: StoppedRun) => string>> = {
  asked: () => "asked to stop; it saves and ends within seconds of its round's end",
  stopped: (run) => `stopped ${progressOf(run)}, saved`,
  finished: (run) => `had finished ${progressOf(run)} before it saw the request`,
  failed: (run) => `had failed ${progressOf(run)} before it saw the request`,
  killed: (run) => `was killed; its last checkpoint is ${progressOf(run)}`,
};

const SWEEP_ENDINGS: Readonly<Partial<Record<StoppedRun["ending"], string>>> = {
  asked: "sweep asked to stop; its runs finish their rounds and are saved",
  stopped: "sweep stopped; all its runs are saved",
  finished: "sweep had ended before it saw the request",
};

const stoppedToText = (run: StoppedRun): string => {
  const said = (run.kind === "sweep" && SWEEP_ENDINGS[run.ending]) || ENDINGS[run.ending](run);
  return `${textToVisible(run.folder)}: ${said}`;
};

/** How it is gone on with. */
function stoppedToHint({ folder, kind, ending, round }: StoppedRun): string[] {
  if (ending === "finished" || ending === "failed") return [];
  if (kind === "sweep") return ["the same `gan-eval sweep` command again continues the sweep"];
  return round === undefined ? [] : [`gan-eval train --resume ${locationToShell(folder)}`];
}

const stoppedToTable = (stopped: readonly StoppedRun[]): Table => ({
  columns: ["folder", "kind", "ending", "round", "rounds"].map((key) => ({ key, title: key })),
  rows: stopped.map(({ folder, kind, ending, round = null, rounds = null }) => ({
    ...{ folder, kind, ending, round, rounds },
  })),
});
