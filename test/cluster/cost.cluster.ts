/** What a queue costs: time a job, processor time of producer and workers, idle workers. */
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { command, run, startWorker } from "./commands.ts";
import { tellFigure } from "./figures.ts";
import { until } from "./processes.ts";
import { watchProcessorTime } from "./processor-time.ts";
import { executionsToIdleShares, openRecords } from "./queue-records.ts";
import { expectAsOnOneMachine, planToCount, Room } from "./room.ts";
import { findRedis, startRedis } from "./servers/redis.ts";
import { MOST_SEEDS, openSite } from "./site.ts";

const [, VERSION] = /^(\d+\.\d+)/.exec(
  JSON.parse(readFileSync(path.join(import.meta.dirname, "../../package.json"), "utf8")).version,
)!;

const JOBS = 1000;
const SEED = 1;
const SMALL = [
  ...["sweep", "--model", "gan", "--lr", "1e-3", "--seed", `${SEED}`, "--data", "ring", "--rounds", "10"],
  ...["--eval-samples", "100", "--sample-interval", "0", "--threads", "1", "--hidden-units", "8", "--json"],
];
const nameOf = (seed: number): string => `gan_lr=1e-3_seed=${seed}`;

/** Runs that are finished, as copies of one that was trained. */
function copyRuns(trained: string, aside: string): void {
  const description = readFileSync(path.join(trained, nameOf(SEED), "run.json"), "utf8");
  for (let seed = SEED; seed < SEED + JOBS; seed++) {
    const folder = path.join(aside, nameOf(seed));
    cpSync(path.join(trained, nameOf(SEED)), folder, { recursive: true });
    const read = JSON.parse(description);
    writeFileSync(
      path.join(folder, "run.json"),
      JSON.stringify({ ...read, seed, config: { ...read.config, seed } }),
    );
  }
}

describe.skipIf(!findRedis())("a queue", () => {
  // The locks of use: with short ones the producer would look at the folders more often than users' do.
  const slow = openSite({});
  const site = openSite();

  it("costs less than 10 ms a job by the wall and 2 ms of the producer's processor", async () => {
    const surroundings = slow.surroundings();
    const { root } = surroundings;
    const server = await startRedis({ isKept: true });
    const records = await openRecords(server, VERSION);
    try {
      const trained = await run(surroundings, [...SMALL, "--seeds", "1", "--jobs", "1", "--out", "trained"]);
      expect(trained.code, trained.stderr).toBe(0);
      copyRuns(path.join(root, "trained"), path.join(root, "aside"));
      const words = [...SMALL, "--seeds", `${JOBS}`, "--out", "thousand"];
      const producer = command(surroundings, [...words, "--queue", server.url]);
      const commands = [producer];
      const time = watchProcessorTime(() => commands.map(({ pid }) => pid));
      await until("all jobs are in the queue", async () => (await records.countWaiting()) === JOBS, 120);
      // The producer has read that nothing is there; now all is.
      await sleep(1000);
      mkdirSync(path.join(root, "thousand"), { recursive: true });
      for (let seed = SEED; seed < SEED + JOBS; seed++)
        renameSync(path.join(root, "aside", nameOf(seed)), path.join(root, "thousand", nameOf(seed)));
      const worker = startWorker(surroundings, server.url, { isLasting: false });
      commands.push(worker);
      expect(await producer.ended, producer.stderr()).toBe(0);
      expect(await worker.ended, worker.stderr()).toBe(0);
      const executions = await records.listExecutions();
      // The same command reads the same runs, writes the same tables, and has no queue.
      const alone = command(surroundings, [...words, "--jobs", "1"]);
      commands.push(alone);
      expect(await alone.ended, alone.stderr()).toBe(0);
      time.stop();
      const began = Math.min(...executions.map(({ began }) => began));
      const wall = (Math.max(...executions.map(({ ended }) => ended)) - began) / executions.length;
      const [own, workers, without] = [producer, worker, alone].map(
        ({ pid }) => (time.last.get(pid)!.own * 1000) / JOBS,
      );
      tellFigure(
        `${executions.length} jobs that find finished runs, each by the wall`,
        `${wall.toFixed(2)} ms`,
      );
      tellFigure("of the worker's processor, each, with its start", `${workers.toFixed(2)} ms`);
      tellFigure("of the producer's processor, each, with its plan and report", `${own.toFixed(2)} ms`);
      tellFigure("of the same without a queue", `${without.toFixed(2)} ms`);
      expect(executions.length).toBeGreaterThan(JOBS / 2);
      expect(workers).toBeLessThan(10);
      expect(own - without).toBeLessThan(2);
      // The wall says nothing where others have the cores.
      if (loadavg()[0] <= availableParallelism()) expect(wall).toBeLessThan(10);
    } finally {
      await records.close();
      await server.stop();
    }
  });

  it("keeps workers busy, and two of them take no more processor time than one", async () => {
    const plan = { seeds: Math.min(6, MOST_SEEDS), rounds: 1200 };
    const reference = await site.reference(plan);
    const spent: number[] = [];
    for (const count of [1, 2]) {
      const server = await startRedis({ isKept: true });
      const records = await openRecords(server, VERSION);
      const room = new Room({ surroundings: site.surroundings(), server, plan, name: `by-${count}` });
      const time = watchProcessorTime(() => room.workers.map(({ pid }) => pid));
      try {
        for (let i = 0; i < count; i++) room.addWorker();
        await expectAsOnOneMachine(room, reference);
        const executions = await records.listExecutions();
        expect(executions).toHaveLength(planToCount(plan));
        for (const { share } of executionsToIdleShares(executions)) {
          tellFigure(`idle share of a worker of ${count}`, `${(share * 100).toFixed(2)} %`);
          expect(share).toBeLessThan(0.02);
        }
        const children = room.workers.reduce((sum, { pid }) => sum + time.last.get(pid)!.children, 0);
        spent.push(children);
        tellFigure(`user time of the children of ${count}`, `${children.toFixed(1)} s`);
      } finally {
        time.stop();
        room.watched.stop();
        await room.close();
        await records.close();
        await server.stop();
      }
    }
    tellFigure("processor time by two workers beside one", `${(spent[1] / spent[0]).toFixed(3)}`);
    // 1.05 on cores of one's own; neighbours that share caches make computing dearer.
    expect(spent[1] / spent[0]).toBeLessThan(1.25);
  });
});
