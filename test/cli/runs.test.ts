import { describe, expect, it } from "vitest";
import type { IndexedRun } from "../../src/run-folder/indexed-run.ts";
import { libraryOf, run } from "./command-line.ts";

const times = { started: "2026-01-02T03:04:05.000Z", updated: "2026-01-02T03:14:05.000Z" };
const rows: IndexedRun[] = [
  { folder: "runs/a", kind: "run", state: "torn", reason: "run.json is not a regular file" },
  { folder: "runs/b\u202e", kind: "run", state: "finished", done: 1000, total: 1000, ...times },
  {
    ...{ folder: "sweeps/c", kind: "sweep", state: "training", done: 1, total: 2, ...times },
    updated: "2026-02-02T03:14:05.000Z",
  },
  {
    ...{ folder: "sweeps/c/d", kind: "run", state: "training", done: 40, total: 90, ...times },
    ...{ verdict: "oscillation", best: { metric: "fid", value: 12.34567, round: 20 } },
    updated: "2026-02-02T03:14:05.000Z",
  },
];

const list = (argv: readonly string[], found: readonly IndexedRun[] = rows) => {
  const asked: (readonly string[])[] = [];
  const library = libraryOf({
    indexRuns: async (folders) => {
      asked.push(folders);
      return [...found];
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
    expect(heading).toMatch(/^folder +state +rounds +changed +best score +verdict$/);
    expect(lines[0]).toMatch(/^sweeps\/c +sweep, training +1 of 2 runs +2026-02-02 03:14$/);
    expect(lines[1]).toMatch(
      /^sweeps\/c\/d +training +40 of 90 +2026-02-02 03:14 +fid 12\.\d+ +oscillation$/,
    );
    expect(lines[2]).toMatch(/^runs\/b\\u202e +finished +1,000 of 1,000/);
    expect(lines[3]).toMatch(/^runs\/a +torn +run\.json is not a regular file$/);
    expect(lines.at(-1)).toBe("3 runs, 1 in progress");
  });

  it("gives programs the exact values", async () => {
    const { runs, schema } = JSON.parse((await list(["--json"])).stdout);
    expect([schema, runs[1].best.value]).toEqual(["gan-eval/runs/1", 12.34567]);
    const [heading, , third] = (await list(["--csv"])).stdout.split(/\r?\n/);
    expect(heading).toBe("folder,kind,state,done,total,metric,best,verdict,started,updated,reason");
    expect(third).toMatch(/^sweeps\/c\/d,run,training,40,90,fid,12\.34567,oscillation,/);
  });

  it("looks where it is told, and says that there is nothing", async () => {
    const { stdout, asked } = await list(["here", "there"], []);
    expect(asked).toEqual([["here", "there"]]);
    expect(stdout).toBe("no runs in here, there\n");
  });
});
