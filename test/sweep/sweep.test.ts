import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/progress.ts";
import { requestStop } from "../../src/run-folder/stop-run.ts";
import type { Ending } from "../../src/sweep/messages.ts";
import type { StartChild } from "../../src/sweep/start-child.ts";
import { childrenOf, emptyFolder, leaveRun, parent, runsIn, scoresOf, sweepIn } from "./planned-runs.ts";

describe("a sweep", () => {
  it("trains every run, as many at a time as it may, and keeps a row of each in the plan's order", async () => {
    const folder = emptyFolder();
    const children = childrenOf();
    const { runs } = await sweepIn(folder, runsIn(folder, [1e-4, 1e-3, 1e-2, 0.1, 0.2]), {
      start: children.start,
      jobs: 3,
    });
    expect(runs.map(({ ending }) => ending)).toEqual(Array(5).fill("finished"));
    expect(children.most()).toBe(3);
    const [heading, ...rows] = scoresOf(folder);
    expect(heading).toBe(
      "model,lr,seed,status,sliced_wasserstein best,sliced_wasserstein best round,sliced_wasserstein last,rounds,seconds,folder,error",
    );
    expect(rows[1]).toBe("gan,0.001,1,finished,0.5,100,0.5,100,,gan_lr=0.001_seed=1,");
    expect(rows).toHaveLength(5);
  });

  it("that is asked to stop through its folder stops its runs, begins no others, and says who asked", async () => {
    const folder = emptyFolder();
    let asking: Promise<unknown> = Promise.resolve();
    let begun = 0;
    const start: StartChild = () => {
      begun++;
      if (begun === 2) asking = requestStop(folder);
      let stop = (): void => {};
      const ending = new Promise<Ending>((resolve) => {
        stop = () => resolve({ kind: "interrupted" });
      });
      return { ending, stop };
    };
    const runs = runsIn(folder, [1, 2, 3]);
    leaveRun(runs[2].request, { status: "interrupted", round: 50 });
    await expect(sweepIn(folder, runs, { start })).rejects.toMatchObject({
      code: "run.interrupted",
      message: expect.stringMatching(/^stopped at the request of .+ on .+, after 0 of 3 runs/),
    });
    expect(await asking).toEqual({ folder, kind: "sweep", ending: "stopped" });
    expect(begun).toBe(2);
  });

  it("leaves finished and diverged runs, and goes on with broken-off ones", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2, 3, 4, 5]);
    const diverged = { status: "failed", events: [{ round: 7, kind: "diverged", message: "NaN" }] } as const;
    leaveRun(runs[0].request);
    leaveRun(runs[1].request, { status: "interrupted", round: 50 });
    leaveRun(runs[2].request, diverged);
    leaveRun(runs[3].request, { status: "failed", failure: "disk full" });
    const children = childrenOf();
    const swept = await sweepIn(folder, runs, { start: children.start });
    expect(swept.runs.map(({ ending }) => ending)).toEqual([
      "skipped",
      "finished",
      "skipped",
      "finished",
      "finished",
    ]);
    expect(children.tasks.map(({ kind }) => kind)).toEqual(["resume", "resume", "train"]);
    expect(scoresOf(folder)[3]).toMatch(/^gan,3,1,diverged,/);
  });

  it("names what has changed about runs that are there, before it trains any", async () => {
    const folder = emptyFolder();
    for (const { request } of runsIn(folder, [1, 2])) leaveRun(request);
    const children = childrenOf();
    await expect(
      sweepIn(folder, runsIn(folder, [1, 2, 3], 200), { start: children.start }),
    ).rejects.toMatchObject({
      code: "usage.sweep-changed",
      message: expect.stringContaining(
        "the original options of gan_lr=1_seed=1, got rounds 200 instead of 100, and 1 more",
      ),
    });
    expect(children.tasks).toEqual([]);
  });

  it("does not train again for another number of threads", async () => {
    const folder = emptyFolder();
    const [run] = runsIn(folder, [1]);
    leaveRun(run.request);
    const other = {
      ...run,
      request: { ...run.request, computation: { ...run.request.computation, threads: 8 } },
    };
    expect((await sweepIn(folder, [other], childrenOf())).runs[0].ending).toBe("skipped");
  });

  it("records a run that fails, and goes on", async () => {
    const folder = emptyFolder();
    const children = childrenOf((task) =>
      task.kind === "train" && task.request.lr === 2
        ? { kind: "failed", code: "input.broken", message: 'a "broken", thing' }
        : { kind: "finished" },
    );
    const { runs } = await sweepIn(folder, runsIn(folder, [1, 2, 3]), { start: children.start });
    expect(runs.map(({ ending }) => ending)).toEqual(["finished", "failed", "finished"]);
    expect(runs[1].error).toBe('a "broken", thing');
    expect(scoresOf(folder)[2]).toBe('gan,2,1,failed,,,,,,gan_lr=2_seed=1,"a ""broken"", thing"');
  });

  it("that is interrupted stops its children, begins no more, and says so", async () => {
    const folder = emptyFolder();
    const interruption = new AbortController();
    let stopped = 0;
    const start: StartChild = () => {
      let end: (ending: Ending) => void;
      const ending = new Promise<Ending>((resolve) => {
        end = resolve;
      });
      setTimeout(() => interruption.abort(), 5);
      return {
        ending,
        stop: () => {
          stopped++;
          end({ kind: "interrupted" });
        },
      };
    };
    await expect(
      sweepIn(folder, runsIn(folder, [1, 2, 3, 4]), { start, signal: interruption.signal }),
    ).rejects.toMatchObject({ code: "run.interrupted", message: expect.stringContaining("0 of 4 runs") });
    expect(stopped).toBe(2);
  });

  it("takes no run for failed that a terminal interrupted a moment before", async () => {
    const folder = emptyFolder();
    const interruption = new AbortController();
    const { start } = childrenOf(() => {
      setTimeout(() => interruption.abort(), 20);
      return { kind: "interrupted" };
    });
    await expect(
      sweepIn(folder, runsIn(folder, [1, 2]), { start, signal: interruption.signal }),
    ).rejects.toMatchObject({ code: "run.interrupted" });
    expect(readdirSync(parent)).not.toContain(path.basename(folder));
  });

  it("reports the rounds of the whole, which end at their sum", async () => {
    const folder = emptyFolder();
    const seen: Progress[] = [];
    leaveRun(runsIn(folder, [1])[0].request);
    await sweepIn(folder, runsIn(folder, [1, 2, 3]), {
      ...childrenOf(),
      onProgress: (progress) => seen.push(progress),
    });
    for (const { done, total } of seen) expect(done).toBeLessThanOrEqual(total);
    expect(seen.at(-1)).toMatchObject({ done: 200, total: 200, unit: "rounds" });
    expect(seen.at(-1)!.facts![0]).toBe("3 of 3 runs done");
  });
});

describe("two sweeps in one folder", () => {
  it("are not trained at the same time, nor is anything left of the second", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [0.1]);
    let during: unknown;
    const { start } = childrenOf(async () => {
      during = await sweepIn(folder, runsIn(folder, [0.2])).catch(({ code }) => code);
      return { kind: "finished" };
    });
    await sweepIn(folder, runs, { start });
    expect(during).toBe("input.run-locked");
    expect(readdirSync(folder).sort()).toEqual([runs[0].name, "scores.csv"].sort());
  });

  it("leave no folder where the first is refused", async () => {
    const folder = emptyFolder();
    await expect(
      sweepIn(folder, runsIn(folder, [0.1]), {
        start: () => {
          throw new Error("no processes");
        },
      }),
    ).rejects.toThrow("no processes");
    expect(readdirSync(parent)).not.toContain(path.basename(folder));
  });

  it("hold the end of an interrupted program off until the runs are saved", async () => {
    const folder = emptyFolder();
    const held: string[] = [];
    const hold = (what?: string) => {
      held.push(`held: ${what}`);
      return () => held.push("released");
    };
    const { start } = childrenOf(() => {
      expect(held).toHaveLength(1);
      return { kind: "finished" };
    });
    await sweepIn(folder, runsIn(folder, [0.1]), { start, hold });
    expect(held).toEqual(["held: each run finishes its round and is saved", "released"]);
  });
});
