/** Runs as those see them who do not train: reports, comparison, diagnosis. */
import type { Warning } from "../errors.ts";
import { isLocked } from "../files/lock.ts";
import { settleBest } from "./checkpoints.ts";
import { type RunDescription, type RunStatus, readDescription } from "./description.ts";
import { type LayerTable, readLayers, readTable, type Table } from "./read-table.ts";
import { listRoundFiles, type RoundFile } from "./run-folder.ts";
import { tableLocation } from "./tables.ts";

export interface RunRecord {
  readonly folder: string;
  readonly description: RunDescription;
  /** `interrupted` too where `run.json` says `running`, and the process is gone: killed. */
  readonly status: RunStatus;
  /** One row a recorded round. */
  readonly losses: Table;
  readonly layers: readonly LayerTable[];
  /** One row an evaluation. */
  readonly scores: Table;
  /** One row an evaluation: what the samples say of the generator's health. Empty of runs that did not record it. */
  readonly signals: Table;
  readonly timing: Table;
  /** By round, rising. */
  readonly samples: readonly RoundFile[];
  readonly checkpoints: readonly RoundFile[];
  /** What could not be read. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads a run, which may be running; files that it did not write are empty tables.
 * @throws GanEvalError `input.not-a-run`
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const description = await readDescription(folder);
  const checkpoints = await listRoundFiles(folder, "checkpoints");
  const warnings: Warning[] = [];
  const isGone = description.status === "running" && !(await isLocked(folder));
  return {
    folder,
    description: settleBest(description, checkpoints),
    status: isGone ? "interrupted" : description.status,
    losses: await readTable(tableLocation(folder, "losses"), warnings),
    layers: await readLayers(tableLocation(folder, "layers"), warnings),
    scores: await readTable(tableLocation(folder, "scores"), warnings),
    signals: await readTable(tableLocation(folder, "signals"), warnings),
    timing: await readTable(tableLocation(folder, "timing"), warnings),
    samples: await listRoundFiles(folder, "samples"),
    checkpoints,
    warnings,
  };
}
