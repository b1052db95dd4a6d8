/** Trains the runs of a plan, several at a time; what is finished already is left, what was broken off goes on. */
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { GanEvalError, type Warning } from "../errors.ts";
import { signalToStopRequest, stopRequestToText, withStopRequests } from "../files/stop-request.ts";
import type { Hold } from "../interruption.ts";
import { itemsOfPart, type Part } from "../options/part.ts";
import type { Progress } from "../progress.ts";
import { placesOf } from "../run-folder/run-config.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import { forgetFailure, writeFailure } from "./failures.ts";
import type { Ending, Task } from "./messages.ts";
import { runsToMixedMachines } from "./mixed-machines.ts";
import type { PlannedRun } from "./plan.ts";
import { SweepProgress } from "./progress.ts";
import { PATIENCE, type Patience, reservePart, reserveSweep, type SweepPlace } from "./reserve-sweep.ts";
import { type RunState, runsToStates } from "./run-state.ts";
import { ScoresFile } from "./scores-file.ts";
import { type Child, type StartChild, startChild } from "./start-child.ts";

export interface SweepRun extends PlannedRun {
  readonly request: RunRequest;
}

export interface SweepOptions {
  readonly folder: string;
  /** The whole plan, also of a part. */
  readonly runs: readonly SweepRun[];
  /** Processes at a time. */
  readonly jobs: number;
  /** The share of the runs that is trained here, while other processes train the others: without scores.csv. */
  readonly part?: Part | undefined;
  readonly signal: AbortSignal;
  /** Holds the end of an interrupted program off until the runs are saved. */
  readonly hold?: Hold;
  readonly onProgress: (progress: Progress) => void;
  /** Tests have their own. */
  readonly start?: StartChild;
  readonly patience?: Patience;
}

/** A run without an ending, and why: another process trains it, it was broken off, nobody has begun it. */
export interface MissingRun {
  readonly name: string;
  readonly folder: string;
  readonly state: "at-work" | "broken-off" | "not-begun";
}

/** How a sweep ended, in the plan's order. */
export interface SweepResult {
  readonly folder: string;
  /** Of a part: those of its share. */
  readonly runs: readonly {
    readonly name: string;
    readonly folder: string;
    /** `skipped`: it was finished before. */
    readonly ending: "skipped" | "finished" | "failed";
    /** Of a failed one. */
    readonly error?: string;
  }[];
  /** Of a part: runs that another process trains. Of parts that were collected: all that have not ended. */
  readonly missing?: readonly MissingRun[];
  readonly warnings?: readonly Warning[];
}

type Done = SweepResult["runs"][number];

/** From a child's interruption to our own. */
const GRACE_MS = 500;

/** What a child is to do for a run in this state. */
export const runToTask = (folder: string, request: RunRequest, state: RunState): Task => {
  if (state === "new") return { kind: "train", request };
  const { offline } = request;
  const paths = {
    ...placesOf(request),
    ...(offline !== undefined && { offline }),
  };
  return { kind: "resume", folder, paths };
};

/**
 * One process at a time trains a sweep, or a part of it.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `input.run-locked`, `run.interrupted`
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const runs = options.part ? itemsOfPart(options.runs, options.part) : options.runs;
  if (runs.length === 0) return { folder: options.folder, runs: [] };
  const place = await reserve(options);
  const release = options.hold?.("each run finishes its round and is saved");
  try {
    return await withStopRequests(place.folder, options.signal, (signal) =>
      sweepInto({ ...options, runs, signal }),
    );
  } finally {
    release?.();
    await place.remove();
  }
}

function reserve({ folder, part, patience, signal, onProgress }: SweepOptions): Promise<SweepPlace> {
  if (part === undefined) return reserveSweep(folder);
  return reservePart(folder, part, patience ?? PATIENCE, signal, ({ message }) =>
    onProgress({ stage: "sweep", done: 0, total: 1, unit: "rounds", notice: `waiting: ${message}` }),
  );
}

interface Waiting {
  readonly run: SweepRun;
  readonly state: RunState;
  /** Milliseconds that it has been waited for, since another process was found to have it. */
  readonly waited?: number;
}

/** Of a part: another process had the run, or began it in the same moment. */
const isTaken = (ending: Ending): boolean =>
  ending.kind === "failed" && ["input.run-locked", "usage.run-exists"].includes(ending.code);

async function sweepInto(options: SweepOptions): Promise<SweepResult> {
  const { folder, runs, jobs, part, signal, onProgress, start = startChild, patience = PATIENCE } = options;
  const states = await runsToStates(folder, runs);
  const scores = part === undefined ? new ScoresFile(folder, runs) : undefined;
  const tally = new SweepProgress(runs.length);
  const done = new Map<string, Done>();
  const missing: MissingRun[] = [];
  const children = new Set<Child>();
  const report = (): void => onProgress(tally.toProgress());

  const settle = async (run: SweepRun, ending: Done["ending"], error?: string): Promise<void> => {
    const { name } = run;
    done.set(name, { name, folder: path.join(folder, name), ending, ...(error !== undefined && { error }) });
    tally.end(name);
    if (ending === "failed") tally.failed++;
    report();
    await scores?.add(run, { status: ending, ...(error !== undefined && { error }) });
  };

  const fail = async (run: SweepRun, code: string, message: string): Promise<void> => {
    if (part !== undefined) await writeFailure(folder, run.name, { code, message });
    await settle(run, "failed", message);
  };

  const train = async (run: SweepRun, state: RunState): Promise<Ending> => {
    await forgetFailure(folder, run.name);
    const child = start(
      runToTask(path.join(folder, run.name), run.request, state),
      (played, total) => {
        tally.set(run.name, played, total);
        report();
      },
      (notice) => onProgress({ ...tally.toProgress(), notice }),
    );
    children.add(child);
    tally.running++;
    const ending = await child.ending;
    children.delete(child);
    tally.running--;
    return ending;
  };

  /** @returns what is to be tried again */
  const play = async ({ run, state: known, waited = 0 }: Waiting): Promise<Waiting | undefined> => {
    // Another part, of an array that is cut otherwise, may have trained it meanwhile.
    const [state] = part === undefined ? [known] : await runsToStates(folder, [run]);
    if (state === "done") return void (await settle(run, "skipped"));
    const ending = await train(run, state);
    if (part !== undefined && isTaken(ending)) {
      const isOthers = (ending as { code: string }).code === "input.run-locked";
      if (waited < patience.most && (isOthers || (await runsToStates(folder, [run]))[0] !== "new"))
        return { run, state, waited: waited + patience.every };
      if (isOthers) {
        const { name } = run;
        missing.push({ name, folder: path.join(folder, name), state: "at-work" });
        tally.end(name);
        return undefined;
      }
    }
    // A terminal interrupts all processes of the command, in no order.
    if (ending.kind === "interrupted" && !signal.aborted) await setTimeout(GRACE_MS);
    if (ending.kind === "interrupted" && signal.aborted) return undefined;
    if (ending.kind === "finished") await settle(run, "finished");
    else if (ending.kind === "failed") await fail(run, ending.code, ending.message);
    else await fail(run, "run.interrupted", "the process was told to stop");
    return undefined;
  };

  const waiting = runs.map((run, i): Waiting => ({ run, state: states[i] }));
  for (const { run, state } of waiting) if (state === "done") await settle(run, "skipped");
  const queue = waiting.filter(({ state }) => state !== "done");
  const stop = (): void => {
    for (const child of children) child.stop();
  };
  signal.addEventListener("abort", stop);
  try {
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) {
        if (next.waited !== undefined)
          await setTimeout(patience.every, undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        const again = await play(next);
        if (again) queue.push(again);
      }
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
  const ended = runs.flatMap(({ name }) => done.get(name) ?? []);
  return {
    folder,
    runs: ended,
    ...(missing.length > 0 && { missing }),
    warnings: await runsToMixedMachines(ended),
  };
}
