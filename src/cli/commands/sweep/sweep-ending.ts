/** What is said at the end of a sweep of which not all runs have ended here: of a part, and of parts that were collected. */
import type { Warning } from "../../../errors.ts";
import { type Part, partToText } from "../../../options/part.ts";
import { countToWords } from "../../../reports/quantities.ts";
import type { MissingRun, SweepResult } from "../../../sweep/sweep.ts";
import type { Outcome } from "../../command.ts";
import { tableToOutcome } from "../../outcomes.ts";

/** What each state of a run without an ending is called, in the order in which they are named. */
const STATES: Readonly<Record<MissingRun["state"], string>> = {
  "at-work": "at work",
  "broken-off": "broken off",
  "not-begun": "not begun",
};

/** So many names are said of each state; the others are counted. */
const NAMED = 3;

const namesToText = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ""}`;

/** `expected 8 runs to have ended, got 3 that have not: 1 at work (a), 2 not begun (b, c)` */
export function missingToText({ runs, missing = [] }: SweepResult): string {
  const parts = Object.entries(STATES).flatMap(([state, called]) => {
    const names = missing.filter((run) => run.state === state).map(({ name }) => name);
    return names.length === 0 ? [] : [`${names.length} ${called} (${namesToText(names)})`];
  });
  const all = countToWords(runs.length + missing.length, "run");
  return `expected ${all} to have ended, got ${missing.length} that have not: ${parts.join(", ")}`;
}

/** `runs-missing`, where runs have not ended. */
export function missingToWarnings(swept: SweepResult): [] | [Warning & { readonly hint: string }] {
  const { missing = [] } = swept;
  if (missing.length === 0) return [];
  const isAtWork = missing.every(({ state }) => state === "at-work");
  const hint = isAtWork
    ? "Wait for the tasks that train them, and collect again."
    : "Submit the array again: finished runs are kept, broken-off ones go on from their checkpoints. Then collect again.";
  return [{ code: "runs-missing", message: missingToText(swept), hint }];
}

/** `parts-without-runs`, where there are more parts than runs. */
export const partToWarnings = (part: Part | undefined, runs: number): Warning[] =>
  part === undefined || part.of <= runs
    ? []
    : [
        {
          code: "parts-without-runs",
          message: `${countToWords(runs, "run")} in ${part.of} parts: parts from ${runs}/${part.of} on have none`,
          hint: `Cut the sweep into at most ${runs} parts, and give each task --jobs.`,
        },
      ];

/** Of a part that no run fell to. */
export const emptyPartToOutcome = (
  { folder }: SweepResult,
  part: Part,
  runs: number,
  warnings: readonly Warning[],
): Outcome => ({
  ...tableToOutcome(
    { schema: "gan-eval/sweep-part/1", folder, part: partToText(part), runs: [] },
    { columns: [{ key: "folder", title: "folder" }], rows: [] },
    () => `part ${partToText(part)} has nothing to do: the sweep has ${countToWords(runs, "run")}\n`,
  ),
  warnings,
});
