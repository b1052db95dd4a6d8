import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type SpawnChanges, spawnProgram } from "../cli/built-program.ts";
import { lastCheckpoints, scoresWithoutSeconds } from "./small-sweep.ts";

let program: string;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => rmSync(program, { recursive: true, force: true }));

/** Runs that finish, runs that diverge, and runs that cannot begin. */
const words =
  "sweep --model gan,./broken.mjs --lr 1e-3,1e-2,1e9 --data ring --seeds 1 --rounds 60 --eval-every 30 --eval-samples 100 --checkpoint-interval 20 --sample-interval 0 --hidden-units 16 --out sweep".split(
    " ",
  );

/** A machine of its own: error texts name files as the command line does. */
function machine(name: string): string {
  const folder = path.join(program, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "broken.mjs"), "throw new Error('nothing to import, \"quoted\"');\n");
  return folder;
}

const sweepOn = (cwd: string, more: readonly string[], changes: SpawnChanges = {}) =>
  spawnProgram(program, [...words, ...more], { cwd, ...changes });

const scoresOf = (folder: string): string => scoresWithoutSeconds(path.join(folder, "sweep"));
const checkpointsOf = (folder: string) => lastCheckpoints(path.join(folder, "sweep"));

const PARTS = [0, 1, 2, 3];

describe("a sweep in four parts at once", () => {
  it("that is collected has the bytes of one machine's, failed and diverged runs included", async () => {
    const whole = machine("whole");
    const one = await sweepOn(whole, ["--threads", "1"]);
    expect(one.code, one.stderr).toBe(0);

    const cut = machine("cut");
    const parts = await Promise.all(PARTS.map((i) => sweepOn(cut, ["--part", `${i}/4`])));
    // One part has a run that diverges, one a run that cannot begin, and no other.
    expect(parts.map(({ code }) => code)).toEqual([0, 0, 3, 3]);
    expect(existsSync(path.join(cut, "sweep/scores.csv"))).toBe(false);
    const collected = await sweepOn(cut, ["--collect"]);
    expect(collected.code, collected.stderr).toBe(0);

    expect(scoresOf(cut)).toBe(scoresOf(whole));
    expect(scoresOf(cut)).toMatch(/diverged/);
    expect(scoresOf(cut)).toMatch(/nothing to import/);
    expect(checkpointsOf(cut)).toEqual(checkpointsOf(whole));
    expect(checkpointsOf(cut).length).toBeGreaterThanOrEqual(2);
    expect(collected.stdout).toBe(one.stdout);
    expect(readdirSync(path.join(cut, "sweep")).filter((name) => /lock|tmp/.test(name))).toEqual([]);
  });
});

describe("a part that was killed", () => {
  it("is named by --collect, and the same part again goes on to the same bytes", async () => {
    const folder = machine("killed");
    const run = path.join(folder, "sweep/gan_lr=1e-3_seed=2020/run.json");
    const isUnderWay = (): boolean => existsSync(run) && JSON.parse(readFileSync(run, "utf8")).round >= 20;
    await sweepOn(folder, ["--part", "0/4"], { killWhen: { signal: "SIGKILL", isTime: isUnderWay } });
    const early = await sweepOn(folder, ["--collect"]);
    expect(early.code).toBe(3);
    const said = early.stderr.replace(/\s+/g, " ");
    expect(said).toMatch(/expected 6 runs to have ended, got [56] that have not/);
    expect(said).toMatch(/1 (broken off|at work) \(gan_lr=1e-3_seed=2020\)/);
    expect(said).toMatch(/not begun \([^ ]+, [^ ]+, [^ ]+ and 1 more\)|not begun .+ and 2 more\)/);
    await Promise.all(PARTS.map((i) => sweepOn(folder, ["--part", `${i}/4`])));
    expect((await sweepOn(folder, ["--collect"])).code).toBe(0);
    expect(scoresOf(folder)).toBe(scoresOf(path.join(program, "whole")));
    expect(checkpointsOf(folder)).toEqual(checkpointsOf(path.join(program, "whole")));
  });
});
