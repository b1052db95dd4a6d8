/** A run's folder, diagnosed. */
import { GanEvalError } from "../errors.ts";
import { packageVersion } from "../package-root.ts";
import { type RunRecord, readRun } from "../run-folder/read-run.ts";
import { judgeRun } from "./rules.ts";
import { tablesToSignals } from "./run-signals.ts";
import { DIAGNOSIS_SCHEMA, type Diagnosis, type DiagnosisProvenance } from "./verdict.ts";

export const toProvenance = (command: readonly string[] = []): DiagnosisProvenance => ({
  ganEval: packageVersion(),
  node: process.versions.node,
  command,
});

/** @throws GanEvalError `input.run-empty` where nothing was recorded and nothing failed */
export function recordToDiagnosis(run: RunRecord, command?: readonly string[]): Diagnosis {
  const { verdicts, notJudged } = judgeRun(tablesToSignals(run));
  if (verdicts.length === 0)
    throw new GanEvalError(
      "input.run-empty",
      `expected a run with records to judge, got ${run.folder} with none in losses.csv`,
      { hint: "Train it first, or continue it: gan-eval train --resume." },
    );
  return {
    schema: DIAGNOSIS_SCHEMA,
    subject: run.folder,
    verdicts,
    notJudged,
    warnings: run.warnings,
    provenance: toProvenance(command),
  };
}

/** What `diagnoseRun` may be told. */
export interface DiagnoseRunOptions {
  /** How the program was called, for the record (default: nothing). */
  readonly command?: readonly string[];
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
}

/**
 * Diagnoses what a run recorded; one that was cut short as far as it came.
 * @throws GanEvalError `input.not-a-run`, `input.run-empty`
 */
export async function diagnoseRun(
  folder: string,
  { command, signal }: DiagnoseRunOptions = {},
): Promise<Diagnosis> {
  const run = await readRun(folder);
  signal?.throwIfAborted();
  return recordToDiagnosis(run, command);
}
