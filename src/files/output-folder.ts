/** Folders that are written whole: under another name first, as files are. */
import { chmod, chown, cp, mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { targetToTemporary } from "./atomic-file.ts";
import { locationToFolderTarget } from "./output-target.ts";

/** A folder that is written under another name. */
export interface OutputFolder {
  /** Where it is written until it is whole. */
  readonly temporary: string;
  /** Makes the folder at `temporary`. */
  make(): Promise<void>;
  /** Brings the whole folder to its place. What was there is moved aside first, and removed once the new one stands. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Moves files between folders, which may lie on two file systems. */
async function moveContents(from: string, to: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    await rename(source, target).catch(async (error) => {
      if (codeOf(error) !== "EXDEV") throw error;
      await cp(source, target, { recursive: true, errorOnExist: true, force: false });
    });
  }
}

/** Fills a folder that must stay where it is (a mount, somebody else's) with what was written elsewhere. */
async function fillFolder(temporary: string, location: string): Promise<void> {
  const before = (await readdir(location)).filter((name) => name !== path.basename(temporary));
  const old = targetToTemporary(path.join(location, path.basename(location)));
  await mkdir(old);
  await moveContents(location, old, before);
  await moveContents(temporary, location, await readdir(temporary));
  await rm(temporary, { recursive: true, force: true });
  await rm(old, { recursive: true, force: true });
}

/** @returns false where the system does not let the old folder go; it is then as it was */
async function replaceFolder(temporary: string, location: string): Promise<boolean> {
  const old = targetToTemporary(location);
  // An empty folder is simply removed; a full one refuses.
  const isAway = await rmdir(location).then(
    () => true,
    (error) => codeOf(error) === "ENOENT",
  );
  try {
    if (!isAway) await rename(location, old);
  } catch (error) {
    if (["EBUSY", "EPERM", "EACCES", "EXDEV"].includes(codeOf(error) ?? "")) return false;
    throw error;
  }
  await rename(temporary, location);
  if (!isAway) await rm(old, { recursive: true, force: true });
  return true;
}

/**
 * Begins a folder that is written whole. A link's target is written, not the link; a folder that is replaced leaves its
 * mode and owner to the new one; one that cannot be replaced is filled.
 * @throws Error what the system says where the place cannot be written
 */
export async function beginOutputFolder(location: string): Promise<OutputFolder> {
  const { path: at, before, replaces } = await locationToFolderTarget(location);
  const temporary = targetToTemporary(replaces ? at : path.join(at, path.basename(at)));
  return {
    temporary,
    async make() {
      await mkdir(temporary, before && { mode: before.mode & 0o777 });
      if (before === undefined || !replaces) return;
      const made = await stat(temporary);
      if (made.uid !== before.uid || made.gid !== before.gid) await chown(temporary, before.uid, before.gid);
      if (((made.mode ^ before.mode) & 0o7777) !== 0) await chmod(temporary, before.mode & 0o7777);
    },
    async commit() {
      if (!replaces || !(await replaceFolder(temporary, at))) await fillFolder(temporary, at);
    },
    discard: () => rm(temporary, { recursive: true, force: true }),
  };
}
