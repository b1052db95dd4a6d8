import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, spawnProgram } from "../cli/built-program.ts";
import { hasSlurm, Slurm, until } from "./slurm.ts";
import { lastCheckpoints, scoresWithoutSeconds } from "./small-sweep.ts";

const docs = path.resolve(import.meta.dirname, "../../docs/cluster");

const SWEEP = {
  ...{ model: "gan", lr: "1e-3,1e-2", seeds: 2, data: "ring", rounds: 600, hiddenUnits: 16, out: "sweep" },
  ...{ evalEvery: 300, evalSamples: 100, checkpointInterval: 20, sampleInterval: 0 },
};

describe.skipIf(!hasSlurm())("an array of Slurm, by the job scripts of docs/cluster.md", () => {
  let program: string;
  let slurm: Slurm;
  let bin: string;
  beforeAll(async () => {
    program = buildProgram();
    bin = path.join(program, "bin");
    mkdirSync(bin);
    const main = path.join(program, "dist/cli/main.js");
    writeFileSync(path.join(bin, "gan-eval"), `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`);
    chmodSync(path.join(bin, "gan-eval"), 0o755);
    const whole = folderOf("whole");
    const one = await spawnProgram(program, ["sweep", "--config", "sweep.json", "--threads", "1"], {
      cwd: whole,
    });
    expect(one.code, one.stderr).toBe(0);
    slurm = await Slurm.start();
  }, 300_000);
  afterAll(async () => {
    await slurm?.end();
    rmSync(program, { recursive: true, force: true });
  });

  function folderOf(name: string): string {
    const folder = path.join(program, name);
    mkdirSync(folder);
    for (const script of ["sweep.sbatch", "collect.sbatch"])
      copyFileSync(path.join(docs, script), path.join(folder, script));
    writeFileSync(path.join(folder, "sweep.json"), JSON.stringify({ sweep: SWEEP }));
    return folder;
  }

  const submitArray = (folder: string): string =>
    slurm.submit(folder, bin, "--array=0-3", "--cpus-per-task=1", "--mem=1G", "sweep.sbatch");

  /** Collects when the array has ended, however its tasks did. @returns the exit code and what it said */
  async function collectAfter(folder: string, array: string): Promise<{ code: string; said: string }> {
    const job = slurm.submit(folder, bin, `--dependency=afterany:${array}`, "--mem=1G", "collect.sbatch");
    await until(`job ${job}`, () => slurm.hasEnded(job));
    const said = readFileSync(path.join(folder, `gan-eval-collect-${job}.log`), "utf8");
    return { code: slurm.exitCodes(job)[0], said: said.replace(/\s+/g, " ") };
  }

  const expectWhole = (folder: string): void => {
    const [cut, whole] = [folder, path.join(program, "whole")].map((at) => path.join(at, "sweep"));
    expect(scoresWithoutSeconds(cut)).toBe(scoresWithoutSeconds(whole));
    expect(lastCheckpoints(cut)).toEqual(lastCheckpoints(whole));
    expect(lastCheckpoints(cut)).toHaveLength(4);
  };

  it("of four parts, collected when they have ended, has the bytes of one machine", async () => {
    const folder = folderOf("array");
    const { code, said } = await collectAfter(folder, submitArray(folder));
    expect(code, said + slurm.log).toBe("0:0");
    expectWhole(folder);
    expect(readdirSync(folder).filter((name) => /^gan-eval-\d+_[0-3]\.log$/.test(name))).toHaveLength(4);
  });

  it("whose task is killed with -9 is named as incomplete; submitted again, it goes on to the same bytes", async () => {
    const folder = folderOf("killed");
    const array = submitArray(folder);
    const part = path.join(folder, "sweep/.parts/2-of-4/run.lock");
    const run = path.join(folder, "sweep/gan_lr=1e-3_seed=2021/run.json");
    const isUnderWay = (): boolean => {
      try {
        return JSON.parse(readFileSync(run, "utf8")).round >= 20;
      } catch {
        return false;
      }
    };
    await until("the run of part 2", isUnderWay);
    process.kill(JSON.parse(readFileSync(part, "utf8")).pid, "SIGKILL");
    const early = await collectAfter(folder, array);
    expect(early.code, early.said).toBe("3:0");
    expect(early.said).toMatch(/got 1 that have not: 1 (broken off|at work) \(gan_lr=1e-3_seed=2021\)/);
    const { code, said } = await collectAfter(folder, submitArray(folder));
    expect(code, said).toBe("0:0");
    expectWhole(folder);
  });
});
