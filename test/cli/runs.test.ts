import { describe, expect, it } from "vitest";
import type { ListedRuns } from "../../src/lab/index/list-runs.ts";
import { libraryOf, run } from "./command-line.ts";

const times = { started: "2026-01-02T03:04:05.000Z", updated: "2026-01-02T03:14:05.000Z" };
const later = { ...times, updated: "2026-02-02T03:14:05.000Z" };
const of = { model: "gan", data: "digits", rounds: 1000 };
const listed: ListedRuns = {
  runs: [
    {
      ...{ id: "1", name: "runs/a", folder: "/home/ann/runs/a", status: "unreadable", model: "", data: "" },
      ...{ round: 0, rounds: 0, started: "", updated: "", failure: "run.json is damaged" },
    },
    {
      ...{ id: "2", name: "runs/b", folder: "/home/ann/runs/b", status: "finished" },
      ...{ ...of, ...times, round: 1000 },
    },
    {
      ...{ id: "3", name: "sweeps/c/d", folder: "/home/ann/sweeps/c/d", status: "running", sweep: "4" },
      ...{ ...of, ...later, round: 40, rounds: 90, secondsLeft: 12.4 },
      best: { name: "FID", value: 12.34567, round: 20, direction: "lower" },
      verdict: { title: "losses oscillate", severity: "warning" },
    },
  ],
  sweeps: [
    {
      ...{ id: "4", name: "sweeps/c", counts: { running: 1 }, round: 40, rounds: 90, ...times },
      updated: "2026-02-03T03:14:05.000Z",
      problems: { runs: 1, severity: "warning" },
    },
  ],
};

const list = (argv: readonly string[], found = listed) => {
  const asked: (readonly string[])[] = [];
  const library = libraryOf({
    listRuns: async (folders) => {
      asked.push(folders);
      return found;
    },
  });
  return run(["runs", ...argv], { library, stdout: { isTTY: false, columns: 120 } }).then((ran) => ({
    ...ran,
    asked,
  }));
};

describe("gan-eval runs", () => {
  it("lists the latest changed first, and damaged ones with their reason", async () => {
    const { stdout, exitCode, asked } = await list([]);
    expect([exitCode, asked]).toEqual([0, [["runs", "sweeps"]]]);
    const [heading, ...lines] = stdout.trimEnd().split("\n");
    expect(heading).toMatch(/^folder +state +rounds +left +best score +verdict$/);
    expect(lines[0]).toMatch(/^sweeps\/c +sweep: 1 running +40 of 90 +verdicts on 1 run$/);
    expect(lines[1]).toMatch(/^sweeps\/c\/d +running +40 of 90 +12 s +FID 12\.\d+ +losses oscillate$/);
    expect(lines[2]).toMatch(/^runs\/b +finished +1,000 of 1,000/);
    expect(lines[3]).toMatch(/^runs\/a +unreadable +run\.json is damaged$/);
    expect(lines.at(-1)).toBe("3 runs, 1 in progress");
  });

  it("gives programs the exact values, and where each run lies", async () => {
    const { runs, sweeps, schema } = JSON.parse((await list(["--json"])).stdout);
    expect([schema, runs[0].best.value, sweeps[0].name]).toEqual(["gan-eval/runs/1", 12.34567, "sweeps/c"]);
    const [heading, first] = (await list(["--csv"])).stdout.split(/\r?\n/);
    expect(heading).toBe(
      "folder,status,model,data,round,rounds,secondsLeft,metric,best,verdict,severity,started,updated,failure",
    );
    expect(first).toMatch(
      /^\/home\/ann\/sweeps\/c\/d,running,gan,digits,40,90,12\.4,FID,12\.34567,losses oscillate,/,
    );
  });

  it("looks where it is told, and says that there is nothing", async () => {
    const { stdout, asked } = await list(["here", "there"], { runs: [], sweeps: [] });
    expect(asked).toEqual([["here", "there"]]);
    expect(stdout).toBe("no runs in here, there\n");
  });
});
