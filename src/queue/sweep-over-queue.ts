/** A sweep whose runs are trained by workers: the sweep as it is, with a queue where it has processes of its own. */
import path from "node:path";
import { instructionSet } from "../engine/instruction-set.ts";
import { GanEvalError, isCode, type Warning } from "../errors.ts";
import type { Hold } from "../interruption.ts";
import type { Progress } from "../progress.ts";
import { reserveFolder } from "../run-folder/reserve.ts";
import { runsToStates } from "../sweep/run-state.ts";
import { type SweepResult, type SweepRun, sweep } from "../sweep/sweep.ts";
import { SAME_BITS_QUEUE, TRAIN_QUEUE } from "./job-kinds.ts";
import { requestToModules, requestToShared } from "./job-paths.ts";
import { kindToQueueName, openServer, type QueueAccess, type QueueServer } from "./open-queue.ts";
import { Producer } from "./producer.ts";
import { LOCK_SECONDS, lockToTimes } from "./times.ts";

export interface QueuedSweepOptions extends QueueAccess {
  readonly folder: string;
  readonly runs: readonly SweepRun[];
  /** The folder that is shared with the workers (default: the program's own). */
  readonly root?: string | undefined;
  /** Seconds until a dead worker's run is taken up by another (default 60). */
  readonly queueLock?: number;
  /** Whether only machines of this one's instruction set train the runs (default false). */
  readonly sameBits?: boolean;
  readonly signal: AbortSignal;
  readonly hold?: Hold;
  readonly onProgress: (progress: Progress) => void;
}

export interface QueuedSweepResult extends SweepResult {
  readonly warnings: readonly Warning[];
}

/** How many jobs a sweep added, and how many of its runs needed none. */
export interface AddedSweep {
  readonly folder: string;
  readonly added: number;
  /** Already in the queue. */
  readonly queued: number;
  /** Their runs have ended. */
  readonly done: number;
  readonly warnings: readonly Warning[];
}

interface SharedSweep {
  /** The sweep's folder, from the shared one. */
  readonly place: string;
  readonly runs: readonly SweepRun[];
}

/** @throws GanEvalError `usage.queue-path` */
function toShared({ folder, runs, root = process.cwd() }: QueuedSweepOptions): SharedSweep {
  const [shared, cwd] = [path.resolve(root), process.cwd()];
  const place = requestToShared({ folder: path.resolve(folder) }, shared, cwd).folder;
  const moved = runs.map((run) => ({ ...run, request: requestToShared(run.request, shared, cwd) }));
  const module = shared === cwd ? undefined : moved.flatMap(({ request }) => requestToModules(request))[0];
  if (module !== undefined)
    throw new GanEvalError("usage.queue-path", `expected the program to run in ${shared}, got ${cwd}`, {
      hint: `A model of one's own (${module}) is read from where the program runs: change there first.`,
    });
  return { place, runs: moved };
}

async function withProducer<T>(
  options: QueuedSweepOptions,
  work: (producer: Producer, shared: SharedSweep, server: QueueServer) => Promise<T>,
): Promise<T> {
  const shared = toShared(options);
  const server = await openServer(options, options.signal);
  const { sameBits = false } = options;
  const name = kindToQueueName(sameBits ? SAME_BITS_QUEUE : TRAIN_QUEUE);
  const queue = server.openQueue(name);
  const producer = new Producer({
    queue,
    onReconnect: (heard) => server.onReconnect(queue, heard),
    events: () => server.openEvents(name),
    isa: sameBits ? instructionSet() : null,
    folder: options.folder,
    place: shared.place,
    runs: shared.runs,
    times: lockToTimes(options.queueLock ?? LOCK_SECONDS),
    // bullmq#4814: over PostgreSQL a job that is delayed may end without having run.
    isDelaying: server.address.kind === "redis",
    onProgress: options.onProgress,
  });
  try {
    return await work(producer, shared, server);
  } finally {
    await producer.stop();
    await server.close();
  }
}

/**
 * Adds the runs that are not done to the queue, waits until each has an ending on disk, and keeps `scores.csv`. Killed, it
 * stops nothing: the same call attaches again.
 * @throws GanEvalError what `openServer` and `sweep` throw; `usage.queue-path`; `run.interrupted`
 */
export const sweepOverQueue = (options: QueuedSweepOptions): Promise<QueuedSweepResult> =>
  withProducer(options, async (producer, { runs }, server) => {
    const { folder, signal } = options;
    for (const { message } of server.warnings) producer.say(`warning: ${message}`);
    const release = options.hold?.("workers go on with their runs; `gan-eval queue cancel` stops them");
    try {
      const result = await sweep({
        ...{ folder, runs, signal },
        jobs: Math.max(1, runs.length),
        onProgress: producer.report,
        start: producer.startWith(signal),
      });
      const { warnings: ofRuns = [] }: { readonly warnings?: readonly Warning[] } = result;
      return { ...result, warnings: [...ofRuns, ...server.warnings, ...producer.warnings] };
    } catch (error) {
      if (!isCode(error, "run.interrupted") || !signal.aborted) throw error;
      throw new GanEvalError("run.interrupted", "stopped watching the sweep; its workers go on", {
        cause: error,
        hint: "The same command again attaches to it. `gan-eval queue cancel` stops its runs.",
      });
    } finally {
      release?.();
    }
  });

/**
 * Adds the runs that are neither done nor in the queue, and watches nothing.
 * @throws GanEvalError what `openServer` throws; `usage.sweep-changed`, `usage.queue-path`, `input.run-locked`
 */
export const addSweep = (options: QueuedSweepOptions): Promise<AddedSweep> =>
  withProducer(options, async (producer, { runs }, server) => {
    const { folder } = options;
    const held = await reserveFolder(folder, Date.now, async () => {});
    try {
      const states = await runsToStates(folder, runs);
      const open = runs.filter((_, i) => states[i] !== "done");
      const added = await producer.add(open);
      return {
        folder,
        added,
        queued: open.length - added,
        done: runs.length - open.length,
        warnings: [...server.warnings, ...producer.warnings],
      };
    } finally {
      await held.remove();
    }
  });
