/** Looks at a sweep's folder while it is worked on: who holds each run, and whether any was begun twice. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { listRuns, readRun } from "./sweep-folders.ts";

export interface HeldBy {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly started: string;
  /** When it was first seen, in milliseconds of `performance.now()`. */
  readonly seen: number;
}

export interface Watched {
  /** Holders of the lock one after another, by run. */
  readonly holders: ReadonlyMap<string, readonly HeldBy[]>;
  /** Runs that were begun from nothing more than once. */
  readonly begunTwice: () => string[];
  /** Runs whose recorded round went back to 0. */
  readonly stop: () => void;
}

const EVERY_MS = 50;

export function watchSweep(sweep: string): Watched {
  const holders = new Map<string, HeldBy[]>();
  const begun = new Map<string, Set<string>>();
  const finished = new Set<string>();
  const look = (): void => {
    for (const name of listRuns(sweep)) {
      if (finished.has(name)) continue;
      const folder = path.join(sweep, name);
      const found = readRun(folder);
      if (found !== undefined) begun.set(name, (begun.get(name) ?? new Set()).add(found.started));
      try {
        const { pid, host, started } = JSON.parse(readFileSync(path.join(folder, "run.lock"), "utf8"));
        const before = holders.get(name) ?? [];
        const last = before.at(-1);
        if (last?.pid !== pid || last?.host !== host || last?.started !== started)
          holders.set(name, [...before, { pid, host, started, seen: performance.now() }]);
      } catch {
        // Nobody holds it; a finished run nobody comes back to.
        if (found?.status === "finished") finished.add(name);
      }
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    holders,
    begunTwice: () => [...begun].filter(([, starts]) => starts.size > 1).map(([name]) => name),
    stop: () => {
      clearInterval(timer);
      look();
    },
  };
}
