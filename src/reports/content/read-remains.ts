/** A run as far as it is whole: without its `run.json`, what its other files say. */
import path from "node:path";
import { isCode, type Warning } from "../../errors.ts";
import { RUN_SCHEMA } from "../../run-folder/description.ts";
import { type RunRecord, readRun } from "../../run-folder/read-run.ts";
import { readLayers, readTable } from "../../run-folder/read-table.ts";
import { listRoundFiles } from "../../run-folder/run-folder.ts";
import { tableLocation } from "../../run-folder/tables.ts";

/** @throws GanEvalError `input.not-a-run` where there is nothing of a run at all */
export async function readPartialRun(folder: string): Promise<RunRecord> {
  try {
    return await readRun(folder);
  } catch (error) {
    if (!isCode(error, "input.not-a-run")) throw error;
    const warnings: Warning[] = [
      { code: "no-description", message: `${error.message}; the report uses the run's other files` },
    ];
    const losses = await readTable(tableLocation(folder, "losses"), warnings);
    const scores = await readTable(tableLocation(folder, "scores"), warnings);
    const samples = await listRoundFiles(folder, "samples");
    if (losses.rounds.length + scores.rounds.length + samples.length === 0) throw error;
    return {
      folder,
      description: {
        ...{ schema: RUN_SCHEMA, status: "interrupted", name: path.basename(folder) },
        ...{
          command: [],
          versions: {},
          config: {},
          rounds: 0,
          seed: 0,
          started: "unknown",
          updated: "unknown",
        },
        ...{ round: 0, events: [], data: { label: "unknown", shape: [] } },
        networks: { generator: [], discriminator: [] },
      },
      status: "interrupted",
      losses,
      layers: await readLayers(tableLocation(folder, "layers"), warnings),
      scores,
      signals: await readTable(tableLocation(folder, "signals"), warnings),
      timing: await readTable(tableLocation(folder, "timing"), warnings),
      samples,
      checkpoints: [],
      warnings,
    };
  }
}
