/** `run.lock`: one process at a time trains into a folder. */
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { cannotWrite, targetToTemporary } from "../formats/atomic-file.ts";
import { locationToShell } from "../shell-word.ts";
import { LOCK_FILE } from "./folder.ts";

const HOLDER = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** ISO 8601. */
  started: z.string(),
  /** When the system began the process, where it can say: another process may have the number by now. */
  process: z.string().optional(),
});
type Holder = z.infer<typeof HOLDER>;

/** The boot and the tick of it that a process began at (proc(5), field 22 of `stat`); undefined off Linux. */
async function readProcessStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    return `${boot.trim()}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether the process is there; what runs on another host cannot be seen, and counts as there. */
async function isRunning(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const start = await readProcessStart(holder.pid);
  return start === undefined || holder.process === undefined || start === holder.process;
}

function textToHolder(text: string): Holder | undefined {
  try {
    return HOLDER.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const readLock = (location: string): Promise<string | undefined> =>
  readFile(location, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });

/** Whether a process that may still live trains into the folder. */
export async function isLocked(folder: string): Promise<boolean> {
  const text = await readLock(path.join(folder, LOCK_FILE)).catch(() => "");
  if (text === undefined) return false;
  const holder = textToHolder(text);
  return holder === undefined || isRunning(holder);
}

/** Makes the file with all of its content, unless there is one. */
async function createWhole(location: string, text: string): Promise<boolean> {
  const temporary = targetToTemporary(location);
  const isTaken = (cause: NodeJS.ErrnoException): false => {
    if (cause.code === "EEXIST") return false;
    throw cause;
  };
  try {
    await writeFile(temporary, text, { flag: "wx" });
    return await link(temporary, location).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === "EEXIST") return false;
        // A file system without links: there a kill between the two halves of this leaves an empty lock.
        return writeFile(location, text, { flag: "wx" }).then(() => true, isTaken);
      },
    );
  } catch (cause) {
    throw cannotWrite(location, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

function locked(location: string, holder: Holder | undefined): GanEvalError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host} since ${holder.started}`
    : "a lock that does not say whose";
  return new GanEvalError(
    "input.run-locked",
    `expected nobody else to train into ${path.dirname(location)}, got ${who}`,
    {
      hint: `Wait for it, or train into another folder. If that process is gone, delete its lock: rm ${locationToShell(location)}`,
    },
  );
}

/** @returns what unlocks it */
async function lock(location: string, text: string): Promise<() => Promise<void>> {
  if (!(await createWhole(location, text))) {
    const holder = await requireStale(location);
    // A stale lock is removed only under a lock of its own: of two who found it stale, the second one would remove the
    // first one's new lock.
    const unlockRemoval = await lock(`${location}.removal`, text);
    try {
      if (await requireStale(location)) await rm(location, { force: true });
      if (!(await createWhole(location, text))) throw locked(location, holder);
    } finally {
      await unlockRemoval();
    }
  }
  return async () => {
    if ((await readLock(location)) === text) await rm(location, { force: true });
  };
}

/**
 * The holder that is gone; undefined where the lock is gone too.
 * @throws GanEvalError `input.run-locked` if the holder may be running
 */
async function requireStale(location: string): Promise<Holder | undefined> {
  const text = await readLock(location);
  if (text === undefined) return undefined;
  const holder = textToHolder(text);
  if (holder === undefined || (await isRunning(holder))) throw locked(location, holder);
  return holder;
}

/**
 * Locks a folder for this process; a lock whose process is gone is taken over.
 * @returns what unlocks it
 * @throws GanEvalError `input.run-locked` while another process holds it, or one on another host may
 */
export async function lockFolder(folder: string, clock: () => number): Promise<() => Promise<void>> {
  const started = new Date(clock()).toISOString();
  const start = await readProcessStart(process.pid);
  const own: Holder = { pid: process.pid, host: hostname(), started, process: start };
  return lock(path.join(folder, LOCK_FILE), `${JSON.stringify(own)}\n`);
}
