/** Who holds a lock, and whether that process may still live. */
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";

const HOLDER = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** ISO 8601. */
  started: z.string(),
  /** When the system began the process, where it can say: another process may have the number by now. */
  process: z.string().optional(),
  /** Where the process number means something: the boot of the machine and the space of process numbers in it. */
  space: z.string().optional(),
  /** The holder shows at least every so many seconds that it lives: it writes the lock anew, as it is. */
  lease: z.number().positive().optional(),
});
export type Holder = z.infer<typeof HOLDER>;

/** How many seconds after its holder's last sign of life a lock is void, where the process cannot be asked. */
const LEASE_SECONDS = 60;
let leaseSeconds = LEASE_SECONDS;

/** Of all locks that this process takes from now on: for a process that is told how soon it may be replaced. */
export function setLease(seconds: number): void {
  leaseSeconds = seconds;
}

/** A lease outlasts several signs of life: one may be late on a busy machine or a slow network. */
export const signMilliseconds = (): number => Math.max(100, (leaseSeconds * 1000) / 12);

const readTrimmed = async (location: string): Promise<string> => (await readFile(location, "utf8")).trim();

/** The boot and the tick of it that a process began at (proc(5), field 22 of `stat`); undefined off Linux. */
async function readProcessStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readTrimmed("/proc/sys/kernel/random/boot_id");
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return undefined;
  }
}

/** Containers on one machine have process numbers of their own, and may have each other's host name. */
async function readSpace(): Promise<string | undefined> {
  try {
    return `${await readTrimmed("/proc/sys/kernel/random/boot_id")}/${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** This process, as the holder of a lock. */
export async function ownHolder(clock: () => number): Promise<Holder> {
  const [start, space] = await Promise.all([readProcessStart(process.pid), readSpace()]);
  return {
    pid: process.pid,
    host: hostname(),
    started: new Date(clock()).toISOString(),
    lease: leaseSeconds,
    ...(start !== undefined && { process: start }),
    ...(space !== undefined && { space }),
  };
}

/** Whether the holder's number is one of this process's own space, so that the system can be asked. */
async function isVisible({ host, space }: Holder): Promise<boolean> {
  const own = await readSpace();
  return space !== undefined && own !== undefined ? space === own : host === hostname();
}

async function isProcessThere(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const start = await readProcessStart(holder.pid);
  return start === undefined || holder.process === undefined || start === holder.process;
}

/**
 * Whether the holder may live. A process that can be seen is asked for. One on another machine or in another container
 * counts as living until its lease is over; a holder without a lease for ever.
 * @param silence seconds since the last sign of life
 */
export async function isAlive(holder: Holder, silence: number): Promise<boolean> {
  if (await isVisible(holder)) return isProcessThere(holder);
  return holder.lease === undefined || silence <= holder.lease;
}

/** Undefined for text that does not say whose the lock is. */
export function textToHolder(text: string): Holder | undefined {
  try {
    return HOLDER.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export const holderToText = (holder: Holder): string => `${JSON.stringify(holder)}\n`;
