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
});
