/** The folder of a run while it is trained. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import type { FolderLock } from "../files/lock.ts";
import { type Checkpoint, writeCheckpoint } from "../train/checkpoint.ts";
import type { RoundRecord } from "../train/round-record.ts";
import { type FoundCheckpoint, findCheckpoint, pruneCheckpoints } from "./checkpoints.ts";
import {
  type BestCheckpoint,
  type RunDescription,
  type RunEvent,
  type RunStatus,
  writeDescription,
} from "./description.ts";
import type { RunPlace } from "./reserve.ts";
import {
  listRoundFiles,
  makeFolder,
  type RoundFileKind,
  removeRunFiles,
  roundToLocation,
  roundToName,
} from "./run-folder.ts";
import type { Row } from "./table-file.ts";
import {
  errorsToRow,
  openTables,
  recordToLayers,
  recordToLosses,
  type ScoreError,
  type TableName,
} from "./tables.ts";

export interface RunOptions {
  /** Milliseconds since 1970, for `run.json` and the lock. */
  readonly clock: () => number;
}

export interface CheckpointOptions {
  /** The newest so many stay, beside the best; from 1. */
  readonly keep: number;
  /** Where this one is the best so far: by which metric, and its value. */
  readonly best?: { readonly metric: string; readonly value: number };
  /** Where nothing but an interrupt asks for it: the next one takes its place, as if it had never been. */
  readonly isInterim?: boolean;
}

/** What a run is gone on with under, where that is not what it was begun with. */
export type RunChange = Partial<
  Pick<RunDescription, "config" | "rounds" | "seed" | "networks" | "scheme" | "versions">
> & {
  /** What is said of it. */
  readonly events: readonly RunEvent[];
};

/**
 * What a trainer writes into. All that belongs to a round (record, scores, sample) comes before the round's checkpoint,
 * so that a run which is killed at any instant, rewound to its last checkpoint and trained on has the same bytes as one
 * that was never killed.
 */
export class Run {
  readonly folder: string;
  private content: RunDescription;
  private readonly tables: ReturnType<typeof openTables>;
  private readonly place: FolderLock | RunPlace;
  private readonly clock: () => number;
  /** Of the last checkpoint since this was opened or rewound. */
  private reached: number | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    folder: string,
    description: RunDescription,
    place: FolderLock | RunPlace,
    { clock }: RunOptions,
  ) {
    this.folder = folder;
    this.content = description;
    this.tables = openTables(folder);
    this.place = place;
    this.clock = clock;
  }

  /** What `run.json` says. */
  get description(): RunDescription {
    return this.content;
  }

  /** Whether the folder was reserved for this run: it is removed with it where the run never begins. */
  get isNew(): boolean {
    return "remove" in this.place;
  }

  /** The best checkpoint, if one was named so. */
  get best(): BestCheckpoint | undefined {
    return this.content.best;
  }

  /** Adds to `losses.csv` and `layers.csv`, at the next `flush` or checkpoint. `epoch`: passes over the data. */
  record(record: RoundRecord, epoch: number): Promise<void> {
    return this.inTurn(async () => {
      await this.add("losses", record.round, [recordToLosses(record, epoch)]);
      await this.add("layers", record.round, recordToLayers(record));
    });
  }

  /** Adds to `timing.csv`: seconds since the beginning, and the speed since the last row. */
  time(round: number, seconds: number, roundsPerSecond: number): Promise<void> {
    return this.inTurn(() =>
      this.add("timing", round, [
        [
          ["seconds", seconds],
          ["rounds_per_second", roundsPerSecond],
        ],
      ]),
    );
  }

  /** Adds to `scores.csv`. */
  score(round: number, scores: Readonly<Record<string, number>>): Promise<void> {
    return this.inTurn(() => this.add("scores", round, [Object.entries(scores)]));
  }

  /** Adds to `intervals.csv`. */
  scoreErrors(round: number, errors: Readonly<Record<string, ScoreError>>): Promise<void> {
    return this.inTurn(() => this.add("intervals", round, [errorsToRow(errors)]));
  }

  /** Adds to `signals.csv`. */
  signal(round: number, signals: Readonly<Record<string, number>>): Promise<void> {
    return this.inTurn(() => this.add("signals", round, [Object.entries(signals)]));
  }

  /** Writes `samples/ROUND.png`. */
  sample(round: number, png: Uint8Array): Promise<void> {
    return this.inTurn(async () => {
      this.requireOrder(round);
      await makeFolder(path.join(this.folder, "samples"));
      await writeFileAtomically(roundToLocation(this.folder, "samples", round), [png]);
    });
  }

  /** Puts a remark into `run.json`. `kind`: in kebab case, `diverged`. */
  event(round: number, kind: string, message: string, more: Pick<RunEvent, "to"> = {}): Promise<void> {
    return this.inTurn(() => this.note({ round, kind, message, ...more }));
  }

  /** Writes the rows that are held back, for whoever reads along. */
  flush(): Promise<void> {
    return this.inTurn(() => this.flushTables(false));
  }

  /**
   * Writes what was recorded, then the checkpoint, then that the round is reached, and removes checkpoints that are
   * no longer kept.
   * @returns the file
   * @throws GanEvalError `input.cannot-write`
   */
  checkpoint(checkpoint: Checkpoint, { keep, best, isInterim = false }: CheckpointOptions): Promise<string> {
    const round = checkpoint.progress.rounds;
    if (!(Number.isSafeInteger(keep) && keep >= 1))
      throw new GanEvalError("usage.keep", `expected at least 1 checkpoint to keep, got ${keep}`);
    return this.inTurn(async () => {
      await this.flushTables(true);
      const claimed = best && { round, ...best, checkpoint: roundToName("checkpoints", round) };
      // Said before it is there: killed in between, it is known to be the best as soon as it is found.
      const before = this.content.interim;
      const interim = isInterim ? round : undefined;
      if (claimed || interim !== undefined) await this.save({ claimed, interim: interim ?? before });
      const location = roundToLocation(this.folder, "checkpoints", round);
      await makeFolder(path.dirname(location));
      await writeCheckpoint(location, checkpoint);
      this.reached = round;
      if (before !== undefined && before !== round)
        await rm(roundToLocation(this.folder, "checkpoints", before), { force: true });
      await this.save({ round, ...(claimed && { best: claimed }), claimed: undefined, interim });
      await pruneCheckpoints(this.folder, keep, this.content.best?.round, interim);
      return location;
    });
  }

  /**
   * The newest checkpoint that can be read; damaged ones are left out, with an event. Undefined for a run that was
   * stopped before its first.
   * @throws GanEvalError `input.no-checkpoint` where all are lost
   */
  latestCheckpoint(): Promise<FoundCheckpoint | undefined> {
    return this.findCheckpoint(() => true);
  }

  /** The newest before a round that training itself asked for: an interrupt is no reason to go back elsewhere. */
  earlierCheckpoint(before = Number.POSITIVE_INFINITY): Promise<FoundCheckpoint | undefined> {
    return this.findCheckpoint((round) => round < before && round !== this.content.interim);
  }

  private findCheckpoint(isWanted: (round: number) => boolean): Promise<FoundCheckpoint | undefined> {
    const skip = (round: number, message: string): Promise<void> =>
      this.note({ round, kind: "checkpoint-skipped", message });
    return this.inTurn(() => findCheckpoint(this.folder, this.content.round, skip, isWanted));
  }

  /**
   * Drops rows, samples and checkpoints after the round of a checkpoint, or, without a round, all of them. Events stay:
   * what happened has happened. The run counts as running again, from here on under what `change` says.
   */
  rewindTo(round: number | undefined, change?: RunChange): Promise<void> {
    const bound = round ?? -1;
    return this.inTurn(async () => {
      // Checkpoints first: killed half-way, the run must not find one whose rows are gone.
      await this.removeAfter("checkpoints", bound);
      const { best, interim } = this.content;
      await this.save({
        status: "running",
        failure: undefined,
        round: Math.max(0, bound),
        best: best && best.round <= bound ? best : undefined,
        claimed: undefined,
        interim: interim !== undefined && interim <= bound ? interim : undefined,
        ...(change && { ...change, events: [...this.content.events, ...change.events] }),
      });
      for (const table of Object.values(this.tables)) await table.rewindTo(bound);
      await this.removeAfter("samples", bound);
      this.reached = round;
    });
  }

  /** Writes what is held back and how the run ended, and gives the folder free. */
  finish(status: Exclude<RunStatus, "running">, failure?: string): Promise<void> {
    return this.inTurn(async () => {
      try {
        try {
          await this.flushTables(true);
        } finally {
          await this.save({ status, failure });
        }
      } finally {
        await this.place.unlock();
      }
    });
  }

  /** Gives the folder free as it is: for a run that is not gone on with after all. */
  close(): Promise<void> {
    return this.inTurn(() => this.place.unlock());
  }

  /** Removes all that was written, and the folder if it was made for it: for a new run that never began. */
  discard(): Promise<void> {
    return this.inTurn(async () => {
      const { place } = this;
      if (!("remove" in place)) return place.unlock();
      await removeRunFiles(this.folder);
      await place.remove();
    });
  }

  /** One thing after the other, whatever is awaited: an interrupt may come while a checkpoint is written. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  private async add(table: TableName, round: number, rows: readonly Row[]): Promise<void> {
    this.requireOrder(round);
    await this.tables[table].add(round, rows);
  }

  private requireOrder(round: number): void {
    if (this.reached !== undefined && round <= this.reached)
      throw new GanEvalError(
        "internal.run-order",
        `internal: expected everything of round ${round} before the checkpoint of round ${this.reached}`,
      );
  }

  private async flushTables(durable: boolean): Promise<void> {
    await this.place.requireHeld();
    for (const table of Object.values(this.tables)) await table.flush(durable);
  }

  private note(event: RunEvent): Promise<void> {
    return this.save({ events: [...this.content.events, event] });
  }

  private async save(change: Partial<RunDescription>): Promise<void> {
    await this.place.requireHeld();
    const updated = new Date(this.clock()).toISOString();
    const content: RunDescription = { ...this.content, ...change, updated };
    await writeDescription(this.folder, content);
    this.content = content;
  }

  private async removeAfter(kind: RoundFileKind, bound: number): Promise<void> {
    const files = await listRoundFiles(this.folder, kind);
    for (const { round, location } of files.toReversed())
      if (round > bound) await rm(location, { force: true });
  }
}
