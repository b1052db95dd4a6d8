/** What stands at the place where pictures are to go: refused, or replaced as a whole. */
import { readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { cannotWrite, targetToTemporary } from "../../formats/atomic-file.ts";
import { isWrittenName } from "./picture-names.ts";

const OVERWRITE = "Choose another name, or allow overwriting.";

const occupied = (location: string, expected: string, got: string, hint = OVERWRITE): GanEvalError =>
  new GanEvalError("usage.target-exists", `expected ${expected} at ${location}, got ${got}`, { hint });

/** The first file below a folder that no sink wrote. */
async function findForeign(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const isOurs = (name: string, isFile: boolean) => (isFile ? isWrittenName(name) : /^\d+$/.test(name));
  return entries
    .map((entry) => ({
      name: path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"),
      isFile: !entry.isDirectory(),
    }))
    .find(({ name, isFile }) => !isOurs(name, isFile))?.name;
}

/**
 * Refuses a target that holds something. Empty files and folders are free; with `overwrite` files are too, and folders
 * that hold nothing but what a sink writes.
 * @throws GanEvalError `usage.target-exists`
 */
export async function requireFree(
  location: string,
  holds: "file" | "folder",
  overwrite: boolean,
): Promise<void> {
  const found = await stat(location).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory() !== (holds === "folder"))
    throw occupied(location, `no ${holds === "file" ? "folder" : "file"}`, "one", "Choose another name.");
  if (holds === "file") {
    if (found.size > 0 && !overwrite) throw occupied(location, "no file", `one of ${found.size} bytes`);
    return;
  }
  const present = await readdir(location);
  if (present.length > 0 && !overwrite)
    throw occupied(
      location,
      "an empty folder",
      `one that holds ${present[0]}${present.length > 1 ? ", ..." : ""}`,
    );
  const foreign = await findForeign(location);
  if (foreign !== undefined)
    throw occupied(
      location,
      "a folder of generated pictures",
      `one that also holds ${foreign}`,
      "A folder is overwritten only if nothing else is lost: choose another name, or remove it yourself.",
    );
}

/** Puts a finished folder in its place. What was there is moved aside first, and removed once the new one stands. */
async function replaceFolder(temporary: string, location: string): Promise<void> {
  const old = targetToTemporary(location);
  // An empty folder is simply removed; a full one refuses.
  const isAway = await rmdir(location).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
  if (!isAway) await rename(location, old);
  await rename(temporary, location);
  if (!isAway) await rm(old, { recursive: true, force: true });
}

/** Renames what was written to its name. */
export async function putInPlace(
  temporary: string,
  location: string,
  holds: "file" | "folder",
): Promise<void> {
  try {
    if (holds === "folder") await replaceFolder(temporary, location);
    else await rename(temporary, location);
  } catch (error) {
    throw cannotWrite(location, error);
  }
}
