/** Folders that are made for one run: whoever makes the folder or its lock has it, and nobody looks first. */
import { mkdir, rmdir } from "node:fs/promises";
import path from "node:path";
import { cannotWrite } from "../files/atomic-file.ts";
import { type FolderLock, lockFolder } from "../files/lock.ts";

/** How often a folder may vanish, removed by another process that made it, before one can be made or locked there. */
const ATTEMPTS = 10;

/** A folder that this process holds. */
export interface RunPlace extends FolderLock {
  /** Gives the folder free, and removes it and those above it that were made for it, as far as they are empty. */
  remove(): Promise<void>;
}

/** Folders from `folder` up to the first one that was made for it; none where it was there. */
function madeFolders(folder: string, first: string | undefined): string[] {
  if (first === undefined) return [];
  const made: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    made.push(at);
    if (at === path.resolve(first) || at === path.dirname(at)) return made;
  }
}

/** What is not empty, or gone, stays as it is: another run may have begun beside. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders)
    try {
      await rmdir(folder);
    } catch {
      return;
    }
}

/**
 * Makes the folder where it is absent, and locks it.
 * @param refuse throws where the folder cannot be had: asked before and after it is locked
 * @throws GanEvalError `input.run-locked`, `input.cannot-write`, and what `refuse` throws; then nothing is left behind
 */
export async function reserveFolder(
  folder: string,
  clock: () => number,
  refuse: (folder: string) => Promise<void>,
): Promise<RunPlace> {
  for (let attempt = 1; ; attempt++)
    try {
      return await makeAndLock(folder, clock, refuse);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
}

async function makeAndLock(
  folder: string,
  clock: () => number,
  refuse: (folder: string) => Promise<void>,
): Promise<RunPlace> {
  const first = await mkdir(folder, { recursive: true }).catch((cause) => {
    throw cannotWrite(folder, cause);
  });
  const made = madeFolders(folder, first);
  let lock: FolderLock | undefined;
  try {
    await refuse(folder);
    lock = await lockFolder(folder, clock);
    await refuse(folder);
  } catch (error) {
    await lock?.unlock();
    await removeEmpty(made);
    throw error;
  }
  const { unlock, requireHeld } = lock;
  return {
    unlock,
    requireHeld,
    async remove() {
      await unlock();
      await removeEmpty(made);
    },
  };
}

/** Where runs go that were given no folder. */
const RUNS = "runs";

/** Makes `runs/NAME-1`, or the first number that is free, for the work; it is removed again if the work leaves it empty. */
export async function withNumberedFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const { folder, removeIfEmpty } = await makeNumberedFolder(RUNS, name);
  try {
    return await work(folder);
  } catch (error) {
    await removeIfEmpty();
    throw error;
  }
}

/** A folder that was made for one run to begin in. */
export interface NumberedFolder {
  readonly folder: string;
  /** Removes it where nothing lies in it. */
  removeIfEmpty(): Promise<void>;
}

/**
 * Makes `PARENT/NAME-1`, or the first number that is free. Of several who ask at the same time each has a folder of its own.
 * @throws GanEvalError `input.cannot-write`
 */
export async function makeNumberedFolder(parent: string, name: string): Promise<NumberedFolder> {
  let attempt = 1;
  let made: string[] = [];
  for (let number = 1; ; ) {
    const folder = path.join(parent, `${name}-${number}`);
    const first = await mkdir(parent, { recursive: true }).catch((cause) => {
      throw cannotWrite(parent, cause);
    });
    if (first !== undefined) made = madeFolders(parent, first);
    try {
      await mkdir(folder);
      return { folder, removeIfEmpty: () => removeEmpty([folder, ...made]) };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "EEXIST") number++;
      else if (code !== "ENOENT" || attempt++ === ATTEMPTS) throw cannotWrite(folder, cause);
    }
  }
}
