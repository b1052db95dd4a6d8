/** One row of the index of runs: what run.json says in a few words, or why it says nothing. */
import { lstat, open } from "node:fs/promises";
import path from "node:path";
import { isLocked } from "../files/lock.ts";
import { type BestCheckpoint, type RunDescription, readDescription } from "./description.ts";
import { DESCRIPTION_FILE } from "./run-folder.ts";
import { rowToRound } from "./table-file.ts";
import { tableLocation } from "./tables.ts";
import { VERDICTS, type VerdictId } from "./verdicts.ts";

/** `torn`: something of a run is there, and cannot be read. */
export type IndexedState = "training" | "stopped" | "finished" | "diverged" | "failed" | "torn";

export interface IndexedRun {
  readonly folder: string;
  readonly kind: "run" | "sweep";
  readonly state: IndexedState;
  /** Why it is torn, failed, or stopped without having said so. */
  readonly reason?: string;
  /** Rounds that were played: of a run in progress to its last row, of others to the last checkpoint. Of a sweep, runs. */
  readonly done?: number;
  /** Rounds to be played; of a sweep, the runs that it has begun. */
  readonly total?: number;
  readonly best?: Pick<BestCheckpoint, "metric" | "value" | "round">;
  /** The newest that was warned of while it trained. */
  readonly verdict?: VerdictId;
  /** ISO 8601. */
  readonly started?: string;
  readonly updated?: string;
}

/** A row as far as run.json alone decides it; `isOpen` where the row depends on whether a process is at work. */
export interface ReadRun {
  readonly row: IndexedRun;
  readonly isOpen: boolean;
}

/** A description is a few kB; with many thousands of events it may grow. */
const MOST_BYTES = 16 * 2 ** 20;
const TAIL_BYTES = 4096;

export const toTorn = (folder: string, reason: string): IndexedRun => ({
  folder,
  kind: "run",
  state: "torn",
  reason,
});

const STATES = {
  running: "training",
  finished: "finished",
  interrupted: "stopped",
  failed: "failed",
} as const;

function descriptionToRow(folder: string, description: RunDescription): IndexedRun {
  const { status, events, best, failure, round, rounds, started, updated } = description;
  const isDiverged = status === "failed" && events.at(-1)?.kind === "diverged";
  const verdict = events.findLast(({ kind }) => Object.hasOwn(VERDICTS, kind))?.kind as VerdictId | undefined;
  return {
    folder,
    kind: "run",
    state: isDiverged ? "diverged" : STATES[status],
    ...(failure !== undefined && { reason: failure }),
    ...{ done: round, total: rounds, started, updated },
    ...(best && { best: { metric: best.metric, value: best.value, round: best.round } }),
    ...(verdict && { verdict }),
  };
}

/** What changes when run.json does; undefined where there is none. */
export async function runToSign(folder: string): Promise<string | undefined> {
  const entry = await lstat(path.join(folder, DESCRIPTION_FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (entry === undefined) return undefined;
  // A pipe would be waited for, and a link may lead anywhere.
  if (!entry.isFile()) throw new Error(`${DESCRIPTION_FILE} is not a regular file`);
  if (entry.size > MOST_BYTES) throw new Error(`${DESCRIPTION_FILE} has ${entry.size} bytes`);
  return `${entry.ino} ${entry.size} ${entry.mtimeMs}`;
}

/** Never throws: what cannot be read is a row that says so. */
export async function readIndexed(folder: string): Promise<ReadRun> {
  try {
    const description = await readDescription(folder);
    return { row: descriptionToRow(folder, description), isOpen: description.status === "running" };
  } catch (error) {
    return { row: toTorn(folder, (error as Error).message), isOpen: false };
  }
}

/** The round of the last whole row of losses.csv; 0 where there is none. */
async function readLastRound(folder: string): Promise<number> {
  const location = tableLocation(folder, "losses");
  if (!(await lstat(location)).isFile()) return 0;
  const file = await open(location, "r");
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from);
    const rows = buffer
      .toString("utf8", 0, bytesRead)
      .split("\n")
      .slice(from > 0 ? 1 : 0, -1);
    return rowToRound(rows.at(-1) ?? "") || 0;
  } finally {
    await file.close();
  }
}

/** How far a run is whose run.json says that it runs, and whether anybody trains it. */
export async function toProgressed(row: IndexedRun): Promise<IndexedRun> {
  const { folder, done = 0 } = row;
  if (!(await isLocked(folder)))
    return {
      ...row,
      state: "stopped",
      reason: "killed: its process is gone, and its last checkpoint is kept",
    };
  const last = await readLastRound(folder).catch(() => 0);
  return { ...row, done: Math.max(done, last) };
}
