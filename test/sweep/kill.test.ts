import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type SpawnChanges, spawnProgram } from "../cli/built-program.ts";

let program: string;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => rmSync(program, { recursive: true, force: true }));

const words =
  "sweep --data ring --lr 1e-3,1e-2 --seeds 1 --seed 3 --rounds 150 --eval-every 50 --eval-samples 200 --checkpoint-interval 20 --sample-interval 0 --hidden-units 16 --jobs 2 --json";
const sweepInto = (name: string, changes: SpawnChanges = {}) =>
  spawnProgram(program, [...words.split(" "), "--out", name], changes);

const runsOf = (name: string): string[] =>
  readdirSync(path.join(program, name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(program, name, entry.name));

const statusOf = (run: string): { status: string; round: number } | undefined => {
  try {
    return JSON.parse(readFileSync(path.join(run, "run.json"), "utf8"));
  } catch {
    return undefined;
  }
};

/** Without the column that the clock writes. */
const scoresOf = (name: string): string[][] => {
  const rows = readFileSync(path.join(program, name, "scores.csv"), "utf8")
    .trim()
    .split("\n");
  const cells = rows.map((row) => row.split(","));
  const clock = cells[0].indexOf("seconds");
  return cells.map((row) => row.filter((_, i) => i !== clock));
};

const until = async (isTime: () => boolean): Promise<void> => {
  for (let i = 0; i < 600 && !isTime(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe("a sweep in processes", () => {
  it("that is killed leaves no process behind, and goes on to the same scores", async () => {
    const whole = await sweepInto("whole");
    expect(whole.code, whole.stderr).toBe(0);
    const { rows, curves } = JSON.parse(whole.stdout);
    expect(rows.map(({ status }: { status: string }) => status)).toEqual(["finished", "finished"]);
    expect(curves).toHaveLength(1);

    const isUnderWay = (): boolean =>
      existsSync(path.join(program, "killed")) &&
      runsOf("killed").length === 2 &&
      runsOf("killed").every((run) => (statusOf(run)?.round ?? 0) >= 20);
    const killed = await sweepInto("killed", { killWhen: { signal: "SIGKILL", isTime: isUnderWay } });
    expect(killed.code).toBeNull();
    // Children notice that nobody is there any more: they save and end.
    const hasEnded = (run: string): boolean =>
      statusOf(run)?.status !== "running" && !existsSync(path.join(run, "run.lock"));
    await until(() => runsOf("killed").every(hasEnded));
    for (const run of runsOf("killed")) {
      expect(["interrupted", "finished"]).toContain(statusOf(run)?.status);
      expect(existsSync(path.join(run, "run.lock"))).toBe(false);
    }
    expect((await sweepInto("killed")).code).toBe(0);
    expect(scoresOf("killed")).toEqual(scoresOf("whole"));
  });

  it("that is interrupted saves, and says how to go on", async () => {
    const isUnderWay = (): boolean =>
      existsSync(path.join(program, "stopped")) &&
      runsOf("stopped").some((run) => (statusOf(run)?.round ?? 0) >= 20);
    const stopped = await sweepInto("stopped", { killWhen: { signal: "SIGINT", isTime: isUnderWay } });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    for (const run of runsOf("stopped")) expect(statusOf(run)?.status).not.toBe("running");
  });
});
