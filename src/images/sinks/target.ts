/** What stands at the place where images are to go: refused, or free to be replaced as a whole. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { cannotWrite } from "../../files/atomic-file.ts";
import { locationToFolderTarget, locationToTarget } from "../../files/output-target.ts";
import { isWrittenName } from "./image-names.ts";

const OVERWRITE = "Choose another name, or allow overwriting.";

const occupied = (location: string, expected: string, got: string, hint = OVERWRITE): GanEvalError =>
  new GanEvalError("usage.target-exists", `expected ${expected} at ${location}, got ${got}`, { hint });

/** Whether what lies below a folder, by its name from there, may be replaced. */
export type IsReplaceable = (name: string, isFile: boolean) => boolean;

const isOfSink: IsReplaceable = (name, isFile) => (isFile ? isWrittenName(name) : /^\d+$/.test(name));

/** The first file below a folder that is not to be replaced. */
async function findForeign(folder: string, isOurs: IsReplaceable): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => ({
      name: path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"),
      isFile: !entry.isDirectory(),
    }))
    .find(({ name, isFile }) => !isOurs(name, isFile))?.name;
}

/**
 * Refuses, before any work, a target that holds something or cannot be written. Empty files and folders are free, and
 * so are devices and pipes; with `overwrite` files are too, and folders that hold nothing but what `isOurs` says.
 * @param isOurs what a sink writes, if left out
 * @throws GanEvalError `usage.target-exists`, `input.cannot-write`
 */
export async function requireFree(
  location: string,
  holds: "file" | "folder",
  overwrite: boolean,
  isOurs: IsReplaceable = isOfSink,
): Promise<void> {
  await requireUnoccupied(location, holds, overwrite, isOurs);
  await (holds === "file" ? locationToTarget(location) : locationToFolderTarget(location)).catch((error) => {
    throw cannotWrite(location, error);
  });
}

async function requireUnoccupied(
  location: string,
  holds: "file" | "folder",
  overwrite: boolean,
  isOurs: IsReplaceable,
): Promise<void> {
  const found = await stat(location).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory() !== (holds === "folder"))
    throw occupied(location, `no ${holds === "file" ? "folder" : "file"}`, "one", "Choose another name.");
  if (holds === "file") {
    if (found.size > 0 && !overwrite) throw occupied(location, "no file", `a file of ${found.size} bytes`);
    return;
  }
  const present = await readdir(location);
  if (present.length > 0 && !overwrite)
    throw occupied(
      location,
      "an empty folder",
      `a folder with ${present[0]}${present.length > 1 ? ", ..." : ""}`,
    );
  const foreign = await findForeign(location, isOurs);
  if (foreign !== undefined)
    throw occupied(
      location,
      "a folder of generated images",
      `a folder that also holds ${foreign}`,
      "A folder with other files is not overwritten: choose another name, or remove the folder yourself.",
    );
}
