import { describe, expect, it } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import type { StopOptions, StoppedRun } from "../../src/run-folder/stop-run.ts";
import { libraryOf, run } from "./command-line.ts";

type Stop = (folder: string, options: StopOptions) => Promise<StoppedRun>;
const stop = (argv: readonly string[], stopRun: Stop) =>
  run(["stop", ...argv], { library: libraryOf({ stopRun }) });

const endsAs =
  (changes: Partial<StoppedRun>): Stop =>
  async (folder) => ({ folder, kind: "run", ending: "stopped", round: 40, rounds: 90, ...changes });
const notRunning = new GanEvalError("usage.not-running", "expected a run in progress, got another");

describe("gan-eval stop", () => {
  it("says how the run ended, and how to go on with it", async () => {
    const { stdout, stderr, exitCode } = await stop(["runs/a b"], endsAs({}));
    expect(exitCode).toBe(0);
    expect(stdout).toBe("runs/a b: stopped after round 40 of 90, saved\n");
    expect(stderr).toBe("next: gan-eval train --resume 'runs/a b'\n");
  });

  it.each([
    ["asked", "run", "asked to stop", "--resume"],
    ["finished", "run", "had finished after round 40", undefined],
    ["failed", "run", "had failed after round 40", undefined],
    ["killed", "run", "was killed", "--resume"],
    ["asked", "sweep", "sweep asked to stop", "gan-eval sweep"],
    ["stopped", "sweep", "sweep stopped", "gan-eval sweep"],
    ["finished", "sweep", "sweep had ended", undefined],
  ] as const)("tells a run that %s from others: %s", async (ending, kind, said, next) => {
    const { stdout, stderr } = await stop(["x"], endsAs({ ending, kind }));
    expect(stdout).toContain(said);
    if (next === undefined) expect(stderr).toBe("");
    else expect(stderr).toContain(next);
  });

  it("does not wait where it is told so", async () => {
    const seen: unknown[] = [];
    const take: Stop = (folder, options) => {
      seen.push(options.wait);
      return endsAs({ ending: "asked" })(folder, options);
    };
    await stop(["x"], take);
    await stop(["x", "--no-wait"], take);
    expect(seen).toEqual([true, false]);
  });

  it("leaves those of several that are not in progress, and fails where none is", async () => {
    const some: Stop = (folder, options) =>
      folder === "old" ? Promise.reject(notRunning) : endsAs({})(folder, options);
    const ran = await stop(["old", "new", "new", "--json"], some);
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: "gan-eval/stop/1", runs: [{ folder: "new" }] });
    expect(ran.stderr).toContain("warning: expected a run in progress");
    const none = await stop(["old"], some);
    expect([none.exitCode, none.stdout]).toEqual([2, ""]);
    expect(none.stderr).toContain("[usage.not-running]");
  });

  it("says that the request stays where its waiting is interrupted", async () => {
    const controller = new AbortController();
    const ran = await run(["stop", "x"], {
      signal: controller.signal,
      library: libraryOf({
        stopRun: async (_folder, { signal }) => {
          controller.abort();
          signal!.throwIfAborted();
          throw new Error("not reached");
        },
      }),
    });
    expect(ran.exitCode).toBe(130);
    expect(ran.stderr).toContain("requests to stop stay");
  });
});
