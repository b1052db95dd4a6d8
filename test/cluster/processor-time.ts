/** Processor time of processes, as the system counts it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TICKS = Number(spawnSync("getconf", ["CLK_TCK"], { encoding: "utf8" }).stdout || 100);

export interface ProcessorTime {
  /** Seconds of the process itself, user and system. */
  readonly own: number;
  /** User seconds of its children that have ended. */
  readonly children: number;
}

/** proc(5): fields 14 to 17 of `stat`. Undefined where the process is gone. */
export function readProcessorTime(pid: number): ProcessorTime | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return { own: (fields[11] + fields[12]) / TICKS, children: fields[13] / TICKS };
  } catch {
    return undefined;
  }
}

/** Keeps the last figure of each process until it ends. */
export function watchProcessorTime(pids: () => readonly number[]): {
  readonly last: ReadonlyMap<number, ProcessorTime>;
  stop(): void;
} {
  const last = new Map<number, ProcessorTime>();
  const timer = setInterval(() => {
    for (const pid of pids()) {
      const time = readProcessorTime(pid);
      if (time !== undefined) last.set(pid, time);
    }
  }, 50);
  return { last, stop: () => clearInterval(timer) };
}
