/** Processes that tests of the queue start: each in a group of its own, each ended by its number, whatever the test does. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The exit code; null after a signal. Never rejects. */
  readonly ended: Promise<number | null>;
  readonly hasEnded: () => boolean;
}

const started = new Set<Started>();

/** Ends with the process of the tests, even if that is killed. */
const leash = existsSync("/usr/bin/setpriv") ? ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"] : [];

/** `isLeashed` false: for a program that goes on as another user, who may not keep the leash. */
export function start(
  program: string,
  argv: readonly string[],
  { isLeashed = true, ...options }: SpawnOptions & { readonly isLeashed?: boolean } = {},
): Started {
  const [file, ...words] = [...(isLeashed ? leash : []), program, ...argv];
  const child = spawn(file, words, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      stderr += error.message;
      isOver = true;
      resolve(null);
    });
    // Not `close`: an orphan may keep the pipes.
    child.on("exit", (code) => {
      isOver = true;
      resolve(code);
    });
  });
  const process = {
    pid: child.pid ?? 0,
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    hasEnded: () => isOver,
  };
  started.add(process);
  return process;
}

/** Signals one process. */
export function signal({ pid, hasEnded }: Started, name: NodeJS.Signals): void {
  if (pid > 0 && !hasEnded()) process.kill(pid, name);
}

/** Signals a process and all that it started. */
export function signalGroup({ pid }: Started, name: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether any process of the group is there. */
export function isGroupThere({ pid }: Started): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends whatever is left of all that was started. */
export async function endAll(): Promise<void> {
  for (const process of started) {
    signalGroup(process, "SIGCONT");
    signalGroup(process, "SIGKILL");
  }
  await Promise.all([...started].map(({ ended }) => ended));
  started.clear();
}

/** Waits until something holds. @throws Error that says what was waited for */
export async function until(
  what: string | (() => string),
  isTime: () => unknown,
  seconds = 60,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isTime())) {
    if (performance.now() > end)
      throw new Error(`expected within ${seconds} s: ${typeof what === "string" ? what : what()}`);
    await sleep(20);
  }
}
