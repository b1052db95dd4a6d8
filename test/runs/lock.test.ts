import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isLocked, lockFolder } from "../../src/runs/lock.ts";
import { options } from "./small-run.ts";

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lock-"));
  lock = path.join(folder, "run.lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The number of a process that is gone. */
const goneProcess = (): number => spawnSync(process.execPath, ["-e", ""]).pid;
const started = "2026-01-01T00:00:00.000Z";
const leave = (holder: object) => writeFile(lock, JSON.stringify({ started, ...holder }));

describe("a locked folder", () => {
  it("is refused to the next, who is told whose it is, until it is unlocked", async () => {
    const unlock = await lockFolder(folder, options.clock);
    expect(await isLocked(folder)).toBe(true);
    await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({
      code: "input.run-locked",
      message: expect.stringContaining(`process ${process.pid} on ${hostname()} since 2026-01-02`),
      hint: expect.stringContaining("run.lock"),
    });
    await unlock();
    expect(await isLocked(folder)).toBe(false);
    await (await lockFolder(folder, options.clock))();
    expect(await readdir(folder)).toEqual([]);
  });

  it("has one holder, however many come at about the same time for a stale lock", async () => {
    const pid = goneProcess();
    for (let trial = 0; trial < 100; trial++) {
      await leave({ pid, host: hostname() });
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, async (_, i) => {
          await sleep(((i * trial) % 7) / 3);
          return lockFolder(folder, options.clock);
        }),
      );
      const unlocks = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      expect(unlocks, `trial ${trial}`).toHaveLength(1);
      expect(await readdir(folder)).toEqual(["run.lock"]);
      await unlocks[0]();
    }
  });

  it("is taken over when its process is gone", async () => {
    await leave({ pid: goneProcess(), host: hostname() });
    expect(await isLocked(folder)).toBe(false);
    await lockFolder(folder, options.clock);
    expect(JSON.parse(await readFile(lock, "utf8"))).toMatchObject({ pid: process.pid });
  });

  it.skipIf(process.platform !== "linux")(
    "is taken over when another process has the number now",
    async () => {
      await leave({ pid: process.pid, host: hostname(), process: "an-earlier-boot/1" });
      expect(await isLocked(folder)).toBe(false);
      await lockFolder(folder, options.clock);
    },
  );

  it("is refused while a process on another host may hold it", async () => {
    await leave({ pid: goneProcess(), host: `${hostname()}-2` });
    expect(await isLocked(folder)).toBe(true);
    await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({ code: "input.run-locked" });
  });

  it("is refused where the lock does not say whose it is", async () => {
    for (const text of ["", "{", '{"pid":0,"host":"x","started":"y"}']) {
      await writeFile(lock, text);
      await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({ code: "input.run-locked" });
    }
  });

  it("is not unlocked by one who was taken over", async () => {
    const unlock = await lockFolder(folder, options.clock);
    await leave({ pid: process.pid, host: "elsewhere" });
    await unlock();
    expect(await isLocked(folder)).toBe(true);
  });
});
