/** Trains the runs of a plan, several at a time; what is finished already is left, what was broken off goes on. */
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { GanEvalError } from "../errors.ts";
import { signalToStopRequest, stopRequestToText, withStopRequests } from "../files/stop-request.ts";
import type { Hold } from "../interruption.ts";
import type { Progress } from "../progress.ts";
import { reserveFolder } from "../run-folder/reserve.ts";
import { placesOf } from "../run-folder/run-config.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import type { Ending, Task } from "./messages.ts";
import type { PlannedRun } from "./plan.ts";
import { type RunState, runsToStates } from "./run-state.ts";
import { ScoresFile } from "./scores-file.ts";
import { type Child, type StartChild, startChild } from "./start-child.ts";

export interface SweepRun extends PlannedRun {
  readonly request: RunRequest;
}

export interface SweepOptions {
  readonly folder: string;
  readonly runs: readonly SweepRun[];
  /** Processes at a time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Holds the end of an interrupted program off until the runs are saved. */
  readonly hold?: Hold;
  readonly onProgress: (progress: Progress) => void;
  /** Tests have their own. */
  readonly start?: StartChild;
}

/** How a sweep ended, in the plan's order. */
export interface SweepResult {
  readonly folder: string;
  readonly runs: readonly {
    readonly name: string;
    readonly folder: string;
    /** `skipped`: it was finished before. */
    readonly ending: "skipped" | "finished" | "failed";
    /** Of a failed one. */
    readonly error?: string;
  }[];
}

type Done = SweepResult["runs"][number];

/** From a child's interruption to our own. */
const GRACE_MS = 500;

/** Rounds of the whole: of runs that have not said how many they have, as many as the others have on average. */
class SweepProgress {
  private readonly totals = new Map<string, number>();
  private readonly played = new Map<string, number>();
  private readonly runs: number;
  /** Runs that have ended or said how long they are. */
  private readonly known = new Set<string>();
  ended = 0;
  failed = 0;
  running = 0;

  constructor(runs: number) {
    this.runs = runs;
  }

  set(name: string, done: number, total: number): void {
    this.known.add(name);
    this.played.set(name, done);
    this.totals.set(name, total);
  }

  /** A run that ends before its rounds are played, or never began, takes no more time. */
  end(name: string): void {
    this.known.add(name);
    const total = this.totals.get(name);
    if (total !== undefined) this.played.set(name, total);
    this.ended++;
  }

  toProgress(): Progress {
    const sum = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((a, b) => a + b, 0);
    const each = this.totals.size === 0 ? 0 : sum(this.totals) / this.totals.size;
    const total = Math.round(sum(this.totals) + (this.runs - this.known.size) * each);
    return {
      stage: "sweep",
      done: Math.min(sum(this.played), total),
      total: Math.max(1, total),
      unit: "rounds",
      facts: [
        `${this.ended} of ${this.runs} runs done`,
        ...(this.running > 0 ? [`${this.running} at work`] : []),
        ...(this.failed > 0 ? [`${this.failed} failed`] : []),
      ],
    };
  }
}

const toTask = (folder: string, { request }: SweepRun, state: RunState): Task => {
  if (state === "new") return { kind: "train", request };
  const { offline } = request;
  const paths = {
    ...placesOf(request),
    ...(offline !== undefined && { offline }),
  };
  return { kind: "resume", folder, paths };
};

/**
 * One process at a time trains a sweep.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `input.run-locked`, `run.interrupted`
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const place = await reserveFolder(options.folder, Date.now, async () => {});
  const release = options.hold?.("each run finishes its round and is saved");
  try {
    return await withStopRequests(options.folder, options.signal, (signal) =>
      sweepInto({ ...options, signal }),
    );
  } finally {
    release?.();
    await place.remove();
  }
}

async function sweepInto(options: SweepOptions): Promise<SweepResult> {
  const { folder, runs, jobs, signal, onProgress, start = startChild } = options;
  const states = await runsToStates(folder, runs);
  const scores = new ScoresFile(folder, runs);
  const tally = new SweepProgress(runs.length);
  const done = new Map<string, Done>();
  const children = new Set<Child>();
  const report = (): void => onProgress(tally.toProgress());

  const settle = async (run: SweepRun, ending: Done["ending"], error?: string): Promise<void> => {
    const { name } = run;
    done.set(name, { name, folder: path.join(folder, name), ending, ...(error !== undefined && { error }) });
    tally.end(name);
    if (ending === "failed") tally.failed++;
    report();
    await scores.add(run, { status: ending, ...(error !== undefined && { error }) });
  };

  const play = async (run: SweepRun, state: RunState): Promise<void> => {
    const child = start(
      toTask(path.join(folder, run.name), run, state),
      (played, total) => {
        tally.set(run.name, played, total);
        report();
      },
      (notice) => onProgress({ ...tally.toProgress(), notice }),
    );
    children.add(child);
    tally.running++;
    const ending: Ending = await child.ending;
    children.delete(child);
    tally.running--;
    // A terminal interrupts all processes of the command, in no order.
    if (ending.kind === "interrupted" && !signal.aborted) await setTimeout(GRACE_MS);
    if (ending.kind === "interrupted" && signal.aborted) return;
    if (ending.kind === "finished") await settle(run, "finished");
    else
      await settle(run, "failed", ending.kind === "failed" ? ending.message : "the process was told to stop");
  };

  const waiting = runs.map((run, i) => ({ run, state: states[i] }));
  for (const { run, state } of waiting) if (state === "done") await settle(run, "skipped");
  const queue = waiting.filter(({ state }) => state !== "done");
  const stop = (): void => {
    for (const child of children) child.stop();
  };
  signal.addEventListener("abort", stop);
  try {
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next && !signal.aborted; next = queue.shift())
        await play(next.run, next.state);
    };
    await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, work));
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (signal.aborted) {
    const request = signalToStopRequest(signal);
    const why = request ? `stopped at the request of ${stopRequestToText(request)},` : "interrupted";
    throw new GanEvalError("run.interrupted", `${why} after ${done.size} of ${runs.length} runs, all saved`, {
      hint: "Run the same command again to continue.",
    });
  }
  return { folder, runs: runs.map(({ name }) => done.get(name)!) };
}
