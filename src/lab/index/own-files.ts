/** The files of a run's folder as a lab opens them: real files of that folder only. */
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import { TABLES } from "../../run-folder/tables.ts";

const FILES = [DESCRIPTION_FILE, ...TABLES.map((name) => `${name}.csv`)];
const FOLDERS = ["samples", "checkpoints"];

const lookAt = (location: string) => lstat(location).catch(() => undefined);

/** Of a kind that the folder's listing does not tell: some file systems say it of single files only. */
const isTold = (entry: Dirent): boolean => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();

/**
 * A folder from elsewhere may hold links to any file, and pipes that block whoever opens them.
 * @returns the names in the folder
 * @throws GanEvalError `input.not-a-run` where a file of the run is a link or of another kind
 */
export async function requireOwnFiles(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const listed of entries) {
    const { name } = listed;
    const isFolder = FOLDERS.includes(name);
    if (!isFolder && !FILES.includes(name)) continue;
    const entry = isTold(listed) ? listed : await lookAt(path.join(folder, name));
    if (entry === undefined || (isFolder ? entry.isDirectory() : entry.isFile())) continue;
    throw new GanEvalError(
      "input.not-a-run",
      `expected a run folder, got ${folder} whose ${name} is a link or of another kind`,
      {
        hint: "Copy the file into the folder.",
      },
    );
  }
  return new Set(entries.map(({ name }) => name));
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
