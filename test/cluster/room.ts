/** One sweep over a queue with a server and workers of its own, for a fault to happen in. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import {
  command,
  isGone,
  type Outcome,
  run,
  type Surroundings,
  startWorker,
  type WorkerOptions,
} from "./commands.ts";
import { type Started, signalGroup, until } from "./processes.ts";
import { seedToRandom } from "./random-instants.ts";
import type { QueueServer } from "./servers/server.ts";
import {
  countFinished,
  listLeftovers,
  listRuns,
  readCheckpoints,
  readRecords,
  readScores,
} from "./sweep-folders.ts";
import { type Watched, watchSweep } from "./watch.ts";

/** The sweep that is compared: its runs must be the same bytes however they came about. */
export interface Plan {
  readonly seeds: number;
  readonly rounds: number;
}

export const planToWords = ({ seeds, rounds }: Plan): string[] => [
  ...["sweep", "--model", "gan", "--lr", "1e-3,1e-2", "--seeds", `${seeds}`, "--data", "ring"],
  ...["--rounds", `${rounds}`, "--eval-every", `${Math.floor(rounds / 2)}`, "--eval-samples", "500"],
  ...[
    "--checkpoint-interval",
    `${Math.max(10, Math.floor(rounds / 6))}`,
    "--sample-interval",
    "0",
    "--threads",
    "1",
  ],
];

export const planToCount = ({ seeds }: Plan): number => 2 * seeds;

/** Trains the plan on one machine, one run after the other. */
export async function trainReference(surroundings: Surroundings, plan: Plan, name: string): Promise<string> {
  const { code, stderr } = await run(surroundings, [
    ...planToWords(plan),
    ...["--jobs", "1", "--out", name, "--json"],
  ]);
  if (code !== 0) throw new Error(`the reference: exit ${code}\n${stderr}`);
  return path.join(surroundings.root, name);
}

export interface RoomOptions {
  readonly surroundings: Surroundings;
  readonly server: QueueServer;
  readonly plan: Plan;
  /** The sweep's folder below the root. */
  readonly name: string;
  readonly words?: readonly string[];
  /** Default true; else the URL is in the environment. */
  readonly isUrlGiven?: boolean;
}

/** What was started for one sweep. */
export class Room {
  readonly surroundings: Surroundings;
  readonly server: QueueServer;
  readonly plan: Plan;
  readonly folder: string;
  readonly random: () => number;
  readonly watched: Watched;
  readonly workers: Started[] = [];
  producer: Started;
  private readonly words: readonly string[];
  private readonly isUrlGiven: boolean;

  constructor({ surroundings, server, plan, name, words = [], isUrlGiven = true }: RoomOptions) {
    this.surroundings = surroundings;
    this.server = server;
    this.plan = plan;
    this.isUrlGiven = isUrlGiven;
    this.folder = path.join(surroundings.root, name);
    this.random = seedToRandom(name.length + plan.seeds * 31 + plan.rounds);
    this.words = [...planToWords(plan), ...this.toPlace(), "--out", name, "--json", ...words];
    this.watched = watchSweep(this.folder);
    this.producer = this.produce();
  }

  private toPlace(): string[] {
    return this.isUrlGiven ? ["--queue", this.server.url] : [];
  }

  /** Starts the command that wants the sweep; again, after it was killed. */
  produce(): Started {
    this.producer = command(this.surroundings, this.words);
    return this.producer;
  }

  addWorker(options: WorkerOptions = {}): Started {
    const worker = startWorker(this.surroundings, this.isUrlGiven ? this.server.url : undefined, options);
    this.workers.push(worker);
    return worker;
  }

  /** Of those that are there, one at random. */
  anyWorker(): Started {
    const there = this.workers.filter(({ hasEnded }) => !hasEnded());
    if (there.length === 0) throw new Error(`expected a worker that lives\n${this.told()}`);
    return there[Math.floor(this.random() * there.length)];
  }

  get total(): number {
    return planToCount(this.plan);
  }

  /** Waits until so many runs are finished. */
  finished(count: number, seconds = 300): Promise<void> {
    const isTime = (): boolean => {
      if (this.producer.hasEnded() && countFinished(this.folder) < count)
        throw new Error(`the producer ended first\n${this.told()}`);
      return countFinished(this.folder) >= count;
    };
    return until(() => `${count} finished runs\n${this.told()}`, isTime, seconds);
  }

  /** Instants of a sweep in order, as numbers of finished runs, each followed by a moment at random. */
  async *instants(count: number): AsyncGenerator<void> {
    const spread = Math.max(1, Math.floor((this.total - 1) / count));
    for (let i = 0; i < count; i++) {
      await this.finished(Math.min(this.total - 2, i * spread + Math.floor(this.random() * spread)));
      await sleep(this.random() * 1000);
      yield;
    }
  }

  /** The end of the sweep and of its workers. */
  async end(): Promise<Outcome> {
    const begun = performance.now();
    const code = await this.producer.ended;
    const seconds = (performance.now() - begun) / 1000;
    return { code, seconds, stdout: this.producer.stdout(), stderr: this.producer.stderr() };
  }

  /** Tells workers that they may go, and waits until nothing is left of them: idle ones have nothing to save. */
  async dismiss(): Promise<void> {
    for (const worker of this.workers) signalGroup(worker, "SIGTERM");
    await until(
      () => `no worker left\n${this.told()}`,
      () => this.workers.every(isGone),
      30,
    );
  }

  /** Ends what still runs of it. */
  async close(): Promise<void> {
    for (const started of [this.producer, ...this.workers]) {
      signalGroup(started, "SIGCONT");
      signalGroup(started, "SIGKILL");
      await started.ended;
    }
  }

  /** What all of them said, for a test that fails. */
  told(): string {
    const one = (name: string, { pid, hasEnded, child, stdout, stderr }: Started): string =>
      `--- ${name} ${pid}${hasEnded() ? ` ended ${child.exitCode ?? child.signalCode}` : ""}\n${stdout().slice(-1500)}${stderr().slice(-3000)}`;
    return [one("producer", this.producer), ...this.workers.map((worker) => one("worker", worker))].join(
      "\n",
    );
  }
}

/** That a sweep is what it is on one machine, and that nothing is left of it but its results. */
export async function expectAsOnOneMachine(room: Room, reference: string): Promise<void> {
  const { code } = await room.end();
  room.watched.stop();
  expect(code, room.told()).toBe(0);
  expect(listRuns(room.folder), room.told()).toHaveLength(room.total);
  expect(countFinished(room.folder)).toBe(room.total);
  expect(readScores(room.folder)).toBe(readScores(reference));
  expect(readCheckpoints(room.folder)).toEqual(readCheckpoints(reference));
  expect(readRecords(room.folder)).toEqual(readRecords(reference));
  expect(room.watched.begunTwice()).toEqual([]);
  await room.dismiss();
  expect(isGone(room.producer)).toBe(true);
  expect(listLeftovers(room.folder)).toEqual([]);
}
