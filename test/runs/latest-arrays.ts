/** The names of the arrays of a run's newest checkpoint. */
import { listRoundFiles } from "../../src/run-folder/run-folder.ts";
import { readCheckpoint } from "../../src/train/checkpoint.ts";

export async function latestArrays(folder: string): Promise<string[]> {
  const files = await listRoundFiles(folder, "checkpoints");
  return Object.keys((await readCheckpoint(files[files.length - 1].location)).state);
}
