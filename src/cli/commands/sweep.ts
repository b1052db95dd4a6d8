/** The command `gan-eval sweep`. */
import type { Warning } from "../../errors.ts";
import { GanEvalError } from "../../errors.ts";
import { locationToShell } from "../../shell-word.ts";
import { SCORES_FILE } from "../../sweep/scores-file.ts";
import type { SweepResult } from "../../sweep/sweep.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { comparisonToOutcome } from "../comparison-to-outcome.ts";
import type { SweepValues } from "./sweep/sweep-options.ts";
import { valuesToRuns } from "./sweep/sweep-plan.ts";

/** `gan-eval sweep` */
export async function run(values: SweepValues, context: CommandContext): Promise<Outcome> {
  const { library, signal, hold, onProgress } = context;
  const swept = await library.sweep({ ...valuesToRuns(values, context), signal, hold, onProgress });
  const failures = sweptToFailures(swept);
  const isScored = swept.runs.some(({ ending }) => ending !== "failed");
  if (!isScored)
    throw new GanEvalError(
      "run.sweep-failed",
      `expected at least one finished run, got ${swept.runs.length} failures: ${swept.runs[0].error}`,
      { hint: `${swept.folder}/${SCORES_FILE} records what happened to each run.` },
    );
  const comparison = await library.compareRunFolders(
    swept.runs.map(({ folder }) => folder),
    { force: true, signal, onProgress },
  );
  const folder = locationToShell(swept.folder);
  return comparisonToOutcome(comparison, failures, [
    `${swept.folder}/${SCORES_FILE} has one row per run`,
    `gan-eval compare ${folder}   # this table; --metric sorts by another metric`,
    `gan-eval report ${folder} --out report.html`,
  ]);
}

/** Failures by what they say, counted. */
function sweptToFailures({ runs }: SweepResult): Warning[] {
  const names = new Map<string, string[]>();
  for (const { name, error } of runs)
    if (error !== undefined) names.set(error, [...(names.get(error) ?? []), name]);
  return [...names].map(([error, [first, ...others]]) => ({
    code: "run-failed",
    message: `${first}${others.length > 0 ? ` and ${others.length} more` : ""}: ${error}`,
  }));
}
