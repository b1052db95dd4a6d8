/** `run.lock`: one process at a time trains into a folder. */
import { link, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { locationToShell } from "../shell-word.ts";
import { cannotWrite, targetToTemporary } from "./atomic-file.ts";
import { type Holder, holderToText, isAlive, ownHolder, textToHolder } from "./lock-holder.ts";
import { showLife } from "./lock-signs.ts";

/** The file of a lock, in the folder that it locks. */
export const LOCK_FILE = "run.lock";

/** A lock that this process has. */
export interface FolderLock {
  unlock(): Promise<void>;
  /** @throws GanEvalError `run.lock-lost` where another process took it, which it may when the lease was over */
  requireHeld(): Promise<void>;
}

interface Lock {
  readonly text: string;
  /** When the holder last gave a sign of life, in milliseconds since 1970 as the file system has it. */
  readonly signed: number;
}

/** Undefined where there is none. Opened before it is asked for its time, which network file systems keep until then. */
async function readLock(location: string): Promise<Lock | undefined> {
  try {
    const file = await open(location, "r");
    try {
      return { text: await file.readFile("utf8"), signed: (await file.stat()).mtimeMs };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

/**
 * Whether a process that may still live trains into the folder.
 * @param now the time as the file system has it, in milliseconds since 1970 (`folderToTime`)
 */
export async function isLocked(folder: string, now = Date.now()): Promise<boolean> {
  try {
    const lock = await readLock(path.join(folder, LOCK_FILE));
    if (lock === undefined) return false;
    const holder = textToHolder(lock.text);
    return holder === undefined || (await isAlive(holder, (now - lock.signed) / 1000));
  } catch {
    return true;
  }
}

/**
 * The time as the file system has it that a folder lies on, in milliseconds since 1970: the clock of a file server may be
 * another than this machine's.
 * @throws GanEvalError `input.cannot-write`
 */
export async function folderToTime(folder: string): Promise<number> {
  const temporary = targetToTemporary(path.join(folder, LOCK_FILE));
  try {
    await writeFile(temporary, "", { flag: "wx" });
    return (await stat(temporary)).mtimeMs;
  } catch (cause) {
    throw cannotWrite(folder, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Holds a folder to be nobody's, without taking it.
 * @param timeIn a folder of the same file system, which tells the time
 * @throws GanEvalError `input.run-locked` while a process holds it, or may; `input.cannot-write`
 */
export async function requireUnlocked(folder: string, timeIn = folder): Promise<void> {
  const location = path.join(folder, LOCK_FILE);
  if ((await readLock(location)) !== undefined) await requireStale(location, await folderToTime(timeIn));
}

interface Attempt {
  readonly isMade: boolean;
  /** The time as the file system has it: another machine's clock may differ. */
  readonly now: number;
}

/** Makes the file with all of its content, unless there is one. */
async function createWhole(location: string, text: string): Promise<Attempt> {
  const temporary = targetToTemporary(location);
  const isTaken = (cause: NodeJS.ErrnoException): false => {
    if (cause.code === "EEXIST") return false;
    throw cause;
  };
  try {
    await writeFile(temporary, text, { flag: "wx" });
    const now = (await stat(temporary)).mtimeMs;
    const isMade = await link(temporary, location).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === "EEXIST") return false;
        // A file system without links: there a kill between the two halves of this leaves an empty lock.
        return writeFile(location, text, { flag: "wx" }).then(() => true, isTaken);
      },
    );
    return { isMade, now };
  } catch (cause) {
    throw cannotWrite(location, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

function locked(location: string, holder: Holder | undefined, silence: number): GanEvalError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host} since ${holder.started}`
    : "a lock without an owner";
  const lease = holder?.lease;
  const ends =
    lease === undefined
      ? `If that process is gone, delete its lock: rm ${locationToShell(location)}`
      : `If that process is gone, the lock expires in ${Math.max(1, Math.ceil(lease - silence))} seconds: try again then, or delete it: rm ${locationToShell(location)}`;
  return new GanEvalError(
    "input.run-locked",
    `expected no other process to train into ${path.dirname(location)}, got ${who}`,
    { hint: `Wait for it, or train into another folder. ${ends}` },
  );
}

/** @returns what unlocks it */
async function lock(location: string, text: string): Promise<() => Promise<void>> {
  const { isMade, now } = await createWhole(location, text);
  if (!isMade) {
    const holder = await requireStale(location, now);
    // A stale lock is removed only under a lock of its own: of two who found it stale, the second one would remove the
    // first one's new lock.
    const unlockRemoval = await lock(`${location}.removal`, text);
    try {
      if (await requireStale(location, now)) await rm(location, { force: true });
      if (!(await createWhole(location, text)).isMade) throw locked(location, holder, 0);
    } finally {
      await unlockRemoval();
    }
  }
  return async () => {
    if ((await readLock(location))?.text === text) await rm(location, { force: true });
  };
}

/**
 * The holder that is gone; undefined where the lock is gone too.
 * @throws GanEvalError `input.run-locked` if the holder may be running
 */
async function requireStale(location: string, now: number): Promise<Holder | undefined> {
  const found = await readLock(location);
  if (found === undefined) return undefined;
  const holder = textToHolder(found.text);
  const silence = (now - found.signed) / 1000;
  if (holder === undefined || (await isAlive(holder, silence))) throw locked(location, holder, silence);
  return holder;
}

const lost = (location: string): GanEvalError =>
  new GanEvalError(
    "run.lock-lost",
    `expected to still hold ${location}, got a lock taken over or removed by another process`,
    {
      hint: "This machine was suspended for longer than the lock lasts, or somebody deleted the lock. Nothing more was written.",
    },
  );

/**
 * Locks a folder for this process; a lock whose process is gone is taken over. Of a process on another machine or in
 * another container nobody can say: its lock is void when it has given no sign of life for `LEASE_SECONDS`.
 * @throws GanEvalError `input.run-locked` while another process holds it, or may
 */
export async function lockFolder(
  folder: string,
  clock: () => number,
  signEvery?: number,
): Promise<FolderLock> {
  const location = path.join(folder, LOCK_FILE);
  const text = holderToText(await ownHolder(clock));
  const unlock = await lock(location, text);
  const endSigns = showLife(location, text, signEvery);
  return {
    async unlock() {
      endSigns();
      await unlock();
    },
    async requireHeld() {
      const found = await readFile(location, "utf8").catch(() => undefined);
      if (found !== text) throw lost(location);
    },
  };
}
