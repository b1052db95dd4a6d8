/** The files of a run's folder as a lab opens them: real files of that folder only. */
import { lstat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import { TABLES } from "../../run-folder/tables.ts";

const FILES = [DESCRIPTION_FILE, ...TABLES.map((name) => `${name}.csv`)];
const FOLDERS = ["samples", "checkpoints"];

const lookAt = (location: string) => lstat(location).catch(() => undefined);

/** A folder from elsewhere may hold links to any file, and pipes that block whoever opens them. */
export async function requireOwnFiles(folder: string): Promise<void> {
  for (const name of [...FILES, ...FOLDERS]) {
    const entry = await lookAt(path.join(folder, name));
    if (entry === undefined || (FOLDERS.includes(name) ? entry.isDirectory() : entry.isFile())) continue;
    throw new GanEvalError(
      "input.not-a-run",
      `expected a run folder, got ${folder} whose ${name} is a link or of another kind`,
      {
        hint: "Copy the file into the folder.",
      },
    );
  }
}

async function toStamp(location: string): Promise<string> {
  const entry = await lookAt(location);
  return entry === undefined ? "" : `${entry.ino} ${entry.size} ${entry.mtimeMs}`;
}

/** What files were when they were looked at: another text means that one has changed. */
const namesToStamp = async (folder: string, names: readonly string[]): Promise<string> =>
  (await Promise.all(names.map((name) => toStamp(path.join(folder, name))))).join("|");

/** Changes when the run's line in the table may: a run that has ended writes no tables. */
export const folderToShortStamp = (folder: string): Promise<string> =>
  namesToStamp(folder, [DESCRIPTION_FILE]);

/** When a run's description was written, of its short stamp: milliseconds since 1970. */
export const stampToTime = (stamp: string): number => Number(stamp.split(" ")[2]) || 0;

/** Changes when anything of the run does that its page shows. */
export const folderToStamp = (folder: string): Promise<string> => namesToStamp(folder, [...FILES, "samples"]);
