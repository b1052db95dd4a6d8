/** Removes what is kept of a network: its folder, and what an interrupted download left. */
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { LOCK_FILE } from "../files/lock.ts";
import { cacheFolder, networkFolder } from "./cache-folder.ts";

/** Bytes of a folder's files; undefined where there is none. @throws GanEvalError `input.permission` */
async function folderToBytes(folder: string): Promise<number | undefined> {
  const names = await readdir(folder).catch(unlessForbidden(undefined));
  if (names === undefined) return undefined;
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch((cause) => {
    throw new GanEvalError("input.cannot-write", `cannot remove ${folder}: ${cause.message}`, {
      hint: "Check that you may write there.",
      cause,
    });
  });
}

/**
 * Removes the folder that is installed under an id, damaged or not, and unfinished downloads of it, unless a process is at
 * them.
 * @returns the bytes that were removed; undefined where there was nothing
 * @throws GanEvalError `input.cannot-write`, `input.permission`
 */
export async function removeNetwork(id: string, cacheDir?: string): Promise<number | undefined> {
  const cache = cacheFolder(cacheDir);
  const folder = networkFolder(cache, id);
  const downloads = path.join(cache, "downloads", id);
  const isDownloading = (await readdir(downloads).catch((): string[] => [])).includes(LOCK_FILE);
  const places = isDownloading ? [folder] : [folder, downloads];
  const bytes = await Promise.all(places.map(folderToBytes));
  const removed = bytes.filter((found) => found !== undefined);
  for (const place of places) await removeFolder(place);
  // The folder of downloads alone, empty as finished ones leave it, is nothing.
  return bytes[0] === undefined && removed.every((found) => found === 0)
    ? undefined
    : removed.reduce((sum, found) => sum + found, 0);
}
