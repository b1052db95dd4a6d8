/** How a sweep shares the cores among its runs. */
import { describe, expect, it } from "vitest";
import { optionsToJobs } from "../../src/sweep/jobs.ts";

describe("the number of processes", () => {
  it("leaves each run its share of the cores", () => {
    const cpu = { jobs: undefined, threads: undefined, device: "auto" } as const;
    expect(optionsToJobs(cpu, 42, 8)).toEqual({ jobs: 8, threads: 1 });
    expect(optionsToJobs(cpu, 2, 8)).toEqual({ jobs: 2, threads: 4 });
    expect(optionsToJobs({ ...cpu, threads: 4 }, 42, 8)).toEqual({ jobs: 2, threads: 4 });
    expect(optionsToJobs({ ...cpu, jobs: 3 }, 42, 8)).toEqual({ jobs: 3, threads: 2 });
    expect(optionsToJobs({ ...cpu, threads: 16 }, 42, 8)).toEqual({ jobs: 1, threads: 16 });
    expect(optionsToJobs({ ...cpu, device: "cuda" }, 42, 8).jobs).toBe(1);
  });

  it("of a part leaves each run one thread, or as many as are asked for, whatever the machine has", () => {
    const part = { jobs: undefined, threads: undefined, device: "auto", isPinned: true } as const;
    for (const cores of [1, 2, 8, 64])
      for (const runs of [1, 3, 100]) {
        expect(optionsToJobs(part, runs, cores)).toEqual({ jobs: Math.min(cores, runs), threads: 1 });
        expect(optionsToJobs({ ...part, threads: 4 }, runs, cores).threads).toBe(4);
        expect(optionsToJobs({ ...part, device: "cuda" }, runs, cores)).toEqual({ jobs: 1, threads: 1 });
      }
    expect(optionsToJobs({ ...part, threads: 4 }, 100, 9).jobs).toBe(2);
  });
});
