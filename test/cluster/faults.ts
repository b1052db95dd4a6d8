/** The matrix of faults: what happens, when, and what must hold besides the bytes, which must always be those of one machine. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { WorkerOptions } from "./commands.ts";
import { tellFigure, toSeconds } from "./figures.ts";
import { type Started, signal, signalGroup, until } from "./processes.ts";
import { startProxy } from "./proxy.ts";
import type { Plan, Room } from "./room.ts";
import type { RedisOptions } from "./servers/redis.ts";
import { readRun } from "./sweep-folders.ts";
import type { HeldBy } from "./watch.ts";

/** Seconds that locks and leases last in these tests. */
export const LOCK_SECONDS = 6;

export interface Fault {
  /** As the name of the test: what happens and what holds. */
  readonly name: string;
  readonly server?: RedisOptions;
  readonly plan: Plan;
  /** The small one, for `npm test`. */
  readonly fast?: Plan;
  /** Seconds that locks last. */
  readonly lock?: number;
  /** Starts workers and lets the fault happen. `times`: how often, where it is a matter of number. */
  play(room: Room, times: number): Promise<void>;
  readonly times: number;
  readonly fastTimes?: number;
  /** What must hold besides, at the end. */
  check?(room: Room): void | Promise<void>;
}

const start = (room: Room, count: number): void => {
  for (let i = 0; i < count; i++) room.addWorker();
};

/** The run that a process or its children hold, as its lock says. */
function heldBy(room: Room, has: (holder: HeldBy) => boolean): { run: string; holder: HeldBy } | undefined {
  for (const [run, holders] of room.watched.holders) {
    const holder = holders.at(-1)!;
    if (has(holder) && readRun(path.join(room.folder, run))?.status === "running") return { run, holder };
  }
  return undefined;
}

/** Waits for a run that somebody is at, some rounds in. */
async function untilHeld(
  room: Room,
  has: (holder: HeldBy) => boolean,
): Promise<{ run: string; holder: HeldBy }> {
  let found: ReturnType<typeof heldBy>;
  await until(
    () => `a run that is under way\n${room.told()}`,
    () => {
      found = heldBy(room, has);
      return found !== undefined && (readRun(path.join(room.folder, found.run))?.round ?? 0) > 0;
    },
    120,
  );
  return found!;
}

/** Waits until every run of the plan is at work. */
async function untilAllHeld(room: Room): Promise<{ run: string; holder: HeldBy }[]> {
  const list = (): { run: string; holder: HeldBy }[] =>
    [...room.watched.holders]
      .map(([run, holders]) => ({ run, holder: holders.at(-1)! }))
      .filter(({ run }) => (readRun(path.join(room.folder, run))?.round ?? 0) > 0);
  await until(
    () => `all runs under way\n${room.told()}`,
    () => list().length === room.total,
    120,
  );
  return list();
}

/** Waits until somebody else has a run. @returns milliseconds since `begun` */
async function untilTaken(room: Room, run: string, from: HeldBy, begun: number): Promise<number> {
  let next: HeldBy | undefined;
  await until(
    () => `another worker at ${run}\n${room.told()}`,
    () => {
      next = room.watched.holders.get(run)?.findLast(({ seen }) => seen > from.seen);
      return next;
    },
    120,
  );
  return next!.seen - begun;
}

const WORKERS = 4;

/**
 * One worker has all runs, another none; the first one ends, and so on.
 * @returns milliseconds from each end until the other has a run, of all runs
 */
async function passOn(
  room: Room,
  times: number,
  options: (i: number) => WorkerOptions,
  end: (worker: Started) => void,
): Promise<number[]> {
  const waits: number[] = [];
  let first = room.addWorker({ jobs: room.total, ...options(0) });
  for (let i = 1; i <= times; i++) {
    const held = await untilAllHeld(room);
    const second = room.addWorker({ jobs: room.total, ...options(i) });
    await untilReady(room, second);
    await sleep(room.random() * 1000);
    const begun = performance.now();
    end(first);
    for (const { run, holder } of held) waits.push(await untilTaken(room, run, holder, begun));
    first = second;
  }
  return waits;
}

export const FAULTS: readonly Fault[] = [
  {
    name: "workers are killed at random instants: their runs go on from where they were",
    plan: { seeds: 32, rounds: 300 },
    fast: { seeds: 3, rounds: 300 },
    times: 3,
    fastTimes: 1,
    async play(room, times) {
      start(room, times === 1 ? 2 : WORKERS);
      for await (const _ of room.instants(times)) {
        signal(room.anyWorker(), "SIGKILL");
        await sleep(1000);
        room.addWorker();
      }
    },
  },
  {
    name: "another host is gone with all its processes: its runs are taken over when their leases are over",
    plan: { seeds: 1, rounds: 3000 },
    times: 3,
    async play(room, times) {
      const waits = await passOn(
        room,
        times,
        (i) => ({ host: `node-${i}` }),
        (worker) => signalGroup(worker, "SIGKILL"),
      );
      for (const wait of waits) {
        // A sign of life may be half a second old.
        expect(wait / 1000).toBeGreaterThan(LOCK_SECONDS - 1.5);
        expect(wait / 1000).toBeLessThan(120);
      }
      tellFigure(
        `take-over of a lost host's run, lock and lease ${LOCK_SECONDS} s`,
        waits.map(toSeconds).join(", "),
      );
    },
  },
  {
    name: "the server comes back empty: the producer adds what is lost, once, and nothing begins twice",
    plan: { seeds: 8, rounds: 600 },
    fast: { seeds: 3, rounds: 300 },
    times: 1,
    async play(room) {
      // Those that end when nothing is left must not take the loss for the end.
      await until("the jobs are in the queue", () => /added \d+ runs/.test(room.producer.stderr()), 120);
      room.addWorker({ isLasting: false });
      room.addWorker({ isLasting: false });
      // Early: most jobs are there to be lost.
      await room.finished(1);
      await sleep(room.random() * 500);
      await room.server.kill();
      await sleep(500);
      await room.server.restart();
    },
    check(room) {
      const warnings = room.producer.stderr().match(/^warning: the queue's server lost \d+ jobs/gm);
      // As it happens, and in the end.
      expect(warnings, room.told()).toHaveLength(2);
    },
  },
  {
    name: "the server is killed and comes back with what it kept: all go on",
    server: { isKept: true },
    plan: { seeds: 8, rounds: 600 },
    times: 2,
    async play(room, times) {
      start(room, 2);
      for await (const _ of room.instants(times)) {
        await room.server.kill();
        await sleep(2000);
        await room.server.restart();
      }
    },
    check(room) {
      expect(room.producer.stderr()).not.toMatch(/server lost \d+ jobs/);
    },
  },
  {
    name: "the server is frozen for three times a lock: never two writers in a folder",
    server: { isKept: true },
    plan: { seeds: 4, rounds: 3000 },
    fast: { seeds: 1, rounds: 1800 },
    times: 1,
    async play(room) {
      start(room, 2);
      await untilHeld(room, () => true);
      room.server.freeze();
      await sleep(3 * LOCK_SECONDS * 1000);
      room.server.thaw();
    },
  },
  {
    name: "a worker is told to end: its run is at work elsewhere at once",
    plan: { seeds: 1, rounds: 3000 },
    fast: { seeds: 1, rounds: 1800 },
    // So long that nobody finds it over: the run is handed on.
    lock: 600,
    times: 3,
    fastTimes: 1,
    async play(room, times) {
      const ends: Started[] = [];
      const waits = await passOn(
        room,
        times,
        () => ({}),
        (worker) => {
          ends.push(worker);
          signal(worker, "SIGTERM");
        },
      );
      for (const worker of ends) expect(await worker.ended, room.told()).toBe(130);
      // 3 s on free cores, most of it for the start of a process.
      for (const wait of waits) expect(wait).toBeLessThan(120_000);
      tellFigure("a run of a worker told to end is at work elsewhere after", waits.map(toSeconds).join(", "));
    },
  },
  {
    name: "the producer is killed: workers go on, and the same command attaches again",
    plan: { seeds: 8, rounds: 300 },
    fast: { seeds: 2, rounds: 300 },
    times: 1,
    async play(room) {
      start(room, 2);
      for await (const _ of room.instants(1)) {
        signalGroup(room.producer, "SIGKILL");
        await room.producer.ended;
        await sleep(1000);
        room.produce();
      }
    },
  },
  {
    name: "a worker is frozen for longer than its lock: another goes on with its run, and the thawed one writes nothing",
    plan: { seeds: 1, rounds: 3000 },
    times: 1,
    async play(room) {
      // On another host, so that nobody can ask whether its process is there.
      const frozen = room.addWorker({ host: "node-f", jobs: room.total });
      const held = await untilAllHeld(room);
      // It finds nothing to do.
      await untilReady(room, room.addWorker({ jobs: room.total }));
      const begun = performance.now();
      signalGroup(frozen, "SIGSTOP");
      const [{ run, holder }] = held;
      const wait = await untilTaken(room, run, holder, begun);
      await sleep(1000);
      signalGroup(frozen, "SIGCONT");
      tellFigure("take-over of a frozen host's run", toSeconds(wait));
    },
  },
  {
    name: "a worker's own process is frozen and its child trains on: nobody else writes beside it",
    plan: { seeds: 2, rounds: 3000 },
    times: 1,
    async play(room) {
      const frozen = room.addWorker();
      await untilHeld(room, () => true);
      signal(frozen, "SIGSTOP");
      room.addWorker();
      await sleep(3 * LOCK_SECONDS * 1000);
      signal(frozen, "SIGCONT");
    },
  },
  {
    name: "a worker is cut off from the server: it stops its run before its lock is over, and another goes on",
    plan: { seeds: 1, rounds: 3000 },
    times: 1,
    async play(room) {
      const proxy = await startProxy(room.server.url);
      try {
        room.addWorker({ url: proxy.url, jobs: room.total });
        const [{ run, holder }] = await untilAllHeld(room);
        const begun = performance.now();
        proxy.cut();
        const folder = path.join(room.folder, run);
        await until(
          () => `the cut-off worker stops its run\n${room.told()}`,
          () => readRun(folder)?.status !== "running",
          60,
        );
        const stopped = performance.now() - begun;
        // Before its lock is over, and a moment to save in; much longer where the machine is busy.
        expect(stopped / 1000, room.told()).toBeLessThan(3 * LOCK_SECONDS);
        room.addWorker({ jobs: room.total });
        const wait = await untilTaken(room, run, holder, begun);
        proxy.mend();
        tellFigure("a worker cut off stops its run after", toSeconds(stopped));
        tellFigure("and another has it after", toSeconds(wait));
        await room.producer.ended;
      } finally {
        proxy.stop();
      }
    },
  },
];

/** A worker says so when it has reached the queue. */
async function untilReady(room: Room, worker: Started): Promise<void> {
  await until(
    () => `a worker that is ready\n${room.told()}`,
    () => /\n/.test(worker.stderr()) || worker.hasEnded(),
    30,
  );
}
