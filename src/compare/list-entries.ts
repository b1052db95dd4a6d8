/** Folders that a comparison is made of: runs, and what should be one and is not. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { isCode } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { listRuns } from "../run-folder/list-runs.ts";
import { isVacant } from "../run-folder/run-folder.ts";
import { TABLES, tableLocation } from "../run-folder/tables.ts";

const exists = (location: string): Promise<boolean> =>
  stat(location).then(() => true, unlessForbidden(false));

const isFolder = (location: string): Promise<boolean> =>
  stat(location).then((entry) => entry.isDirectory(), unlessForbidden(false));

/** Whether a folder without `run.json` is what is left of a run: empty, or with its tables. */
async function isRemains(folder: string): Promise<boolean> {
  if (await isVacant(folder)) return true;
  for (const table of TABLES) if (await exists(tableLocation(folder, table))) return true;
  return false;
}

/** Remains right in a folder that runs lie in. */
async function listRemains(folder: string, runs: ReadonlySet<string>): Promise<string[]> {
  if (runs.has(path.normalize(folder))) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const remains: string[] = [];
  for (const entry of entries) {
    const within = path.normalize(path.join(folder, entry.name));
    if (entry.isDirectory() && !entry.name.startsWith(".") && !runs.has(within) && (await isRemains(within)))
      remains.push(within);
  }
  return remains.sort();
}

/**
 * Every run at the locations (`listRuns`), then folders that are empty or cut short, which a comparison counts.
 * @throws GanEvalError `input.not-a-run` where there is no run at all
 */
export async function listRunFolders(locations: readonly string[]): Promise<string[]> {
  const runs = new Set<string>();
  const empty: string[] = [];
  let none: unknown;
  for (const location of locations) {
    try {
      for (const run of await listRuns([location])) runs.add(run);
    } catch (error) {
      if (!isCode(error, "input.not-a-run")) throw error;
      // Of `runs/*`, as a shell spells it out, one may be empty. A name that is not there is a mistake.
      if (!(await isFolder(location))) throw error;
      none = error;
      empty.push(path.normalize(location));
    }
  }
  if (runs.size === 0) throw none;
  const remains: string[] = [];
  for (const location of locations)
    if (await isFolder(location)) remains.push(...(await listRemains(location, runs)));
  return [...new Set([...runs, ...empty, ...remains])];
}
