/** The command `gan-eval sweep`. */
import type { Warning } from "../../errors.ts";
import { GanEvalError } from "../../errors.ts";
import { locationToShell } from "../../shell-word.ts";
import { SCORES_FILE } from "../../sweep/scores-file.ts";
import type { SweepResult } from "../../sweep/sweep.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { comparisonToOutcome } from "../comparison-to-outcome.ts";
import { addedToOutcome } from "./sweep/added-outcome.ts";
import {
  emptyPartToOutcome,
  missingToText,
  missingToWarnings,
  partToWarnings,
} from "./sweep/sweep-ending.ts";
import type { SweepValues } from "./sweep/sweep-options.ts";
import { valuesToRuns } from "./sweep/sweep-plan.ts";

/** `gan-eval sweep` */
export async function run(values: SweepValues, context: CommandContext): Promise<Outcome> {
  const { library, signal, hold, onProgress } = context;
  const { part, collect, queue, detach } = values;
  const ways = [
    ...(part === undefined ? [] : ["--part"]),
    ...(collect ? ["--collect"] : []),
    ...(queue === undefined ? [] : ["--queue"]),
  ];
  if (ways.length > 1)
    throw new GanEvalError(
      "usage.conflicting-option",
      `expected one of --part, --collect and --queue, got ${ways.join(" and ")}`,
      {
        hint:
          queue === undefined
            ? "Collect once, without --part, when the tasks of all parts have ended."
            : "A sweep over a queue writes scores.csv itself; --part and --collect are for machines without one.",
      },
    );
  const planned = valuesToRuns(values, context);
  const plan = { ...planned, signal, hold, onProgress };
  if (queue !== undefined && detach)
    return addedToOutcome(await library.addSweep({ ...plan, ...values, queue }));
  const swept: SweepResult = collect
    ? await library.collectSweep({ folder: planned.folder, runs: planned.runs, signal, onProgress })
    : queue === undefined
      ? await library.sweep({ ...plan, part })
      : await library.sweepOverQueue({ ...plan, ...values, queue });
  const beside = partToWarnings(part, planned.runs.length);
  if (part !== undefined && swept.runs.length + (swept.missing ?? []).length === 0)
    return emptyPartToOutcome(swept, part, planned.runs.length, beside);
  requireEnded(swept, part === undefined);
  const comparison = await library.compareRunFolders(
    swept.runs.map(({ folder }) => folder),
    { force: true, signal, onProgress },
  );
  const warnings = [
    ...beside,
    ...sweptToFailures(swept),
    ...(swept.warnings ?? []),
    ...missingToWarnings(swept),
  ];
  const folder = locationToShell(swept.folder);
  const outcome = comparisonToOutcome(
    comparison,
    warnings,
    part === undefined
      ? [
          `${swept.folder}/${SCORES_FILE} has one row per run`,
          `gan-eval compare ${folder}   # this table; --metric sorts by another metric`,
          `gan-eval report ${folder} --out report.html`,
        ]
      : [`the same command with --collect instead of --part, when all parts have ended: ${SCORES_FILE}`],
  );
  return warnings.some(({ code }) => code === "runs-missing") ? { ...outcome, incomplete: true } : outcome;
}

/** @throws GanEvalError where there is nothing to compare */
function requireEnded(swept: SweepResult, isWhole: boolean): void {
  const { folder, runs, missing = [] } = swept;
  if (runs.some(({ ending }) => ending !== "failed")) return;
  if (missing.length > 0)
    throw new GanEvalError("run.sweep-missing", missingToText(swept), missingToWarnings(swept)[0]);
  throw new GanEvalError(
    "run.sweep-failed",
    `expected at least one finished run, got ${runs.length} failures: ${runs[0].error}`,
    {
      hint: isWhole
        ? `${folder}/${SCORES_FILE} records what happened to each run.`
        : "The same command with --collect writes what happened to each run into scores.csv.",
    },
  );
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
