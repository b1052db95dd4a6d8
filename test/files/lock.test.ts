import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isLocked, lockFolder } from "../../src/files/lock.ts";
import { options } from "../run-folder/small-run.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lock-"));
  file = path.join(folder, "run.lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The number of a process that is gone. */
const goneProcess = (): number => spawnSync(process.execPath, ["-e", ""]).pid;
const started = "2026-01-01T00:00:00.000Z";
const leave = (holder: object) => writeFile(file, JSON.stringify({ started, ...holder }));

describe("a locked folder", () => {
  it("is refused to the next, who is told whose it is, until it is unlocked", async () => {
    const lock = await lockFolder(folder, options.clock);
    expect(await isLocked(folder)).toBe(true);
    await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({
      code: "input.run-locked",
      message: expect.stringContaining(`process ${process.pid} on ${hostname()} since 2026-01-02`),
      hint: expect.stringContaining("run.lock"),
    });
    await lock.unlock();
    expect(await isLocked(folder)).toBe(false);
    await (await lockFolder(folder, options.clock)).unlock();
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
      const locks = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      expect(locks, `trial ${trial}`).toHaveLength(1);
      expect(await readdir(folder)).toEqual(["run.lock"]);
      await locks[0].unlock();
    }
  });

  it("is taken over when its process is gone", async () => {
    await leave({ pid: goneProcess(), host: hostname() });
    expect(await isLocked(folder)).toBe(false);
    await lockFolder(folder, options.clock);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.pid });
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

  it("of another host is taken over once its lease is over, and no sooner", async () => {
    const elsewhere = { pid: 7, host: "a-container", space: "another-boot/pid:[1]", lease: 60 };
    const silentFor = async (seconds: number): Promise<void> => {
      await leave(elsewhere);
      const then = new Date(Date.now() - seconds * 1000);
      await utimes(file, then, then);
    };
    await silentFor(45);
    expect(await isLocked(folder)).toBe(true);
    await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({
      code: "input.run-locked",
      hint: expect.stringMatching(/the lock expires in 1\d seconds/),
    });
    await silentFor(61);
    expect(await isLocked(folder)).toBe(false);
    const lock = await lockFolder(folder, options.clock);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.pid, lease: 60 });
    await lock.unlock();
  });

  it.skipIf(process.platform !== "linux")(
    "of a container with this host's name is not taken for that of a process that is gone",
    async () => {
      await leave({ pid: goneProcess(), host: hostname(), space: "this-boot/pid:[1]", lease: 60 });
      expect(await isLocked(folder)).toBe(true);
      await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({ code: "input.run-locked" });
    },
  );

  it("has fresh signs of life, also while its process is busy", async () => {
    const lock = await lockFolder(folder, options.clock, 50);
    const before = await readFile(file, "utf8");
    const long = new Date(Date.now() - 3_600_000);
    await utimes(file, long, long);
    // Nothing of this thread runs meanwhile: a slow round.
    const until = Date.now() + 1000;
    while (Date.now() < until && statSync(file).mtimeMs <= long.getTime());
    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(10_000);
    expect(await readFile(file, "utf8")).toBe(before);
    await lock.requireHeld();
    await lock.unlock();
  });

  it("that was taken over, or deleted, is found lost by its old holder", async () => {
    const lock = await lockFolder(folder, options.clock, 20);
    await leave({ pid: 7, host: "elsewhere", lease: 60 });
    const long = new Date(Date.now() - 3_600_000);
    await utimes(file, long, long);
    const silentSince = statSync(file).mtimeMs;
    await expect(lock.requireHeld()).rejects.toMatchObject({ code: "run.lock-lost" });
    // And gives no signs of life for the new one.
    await sleep(100);
    expect(statSync(file).mtimeMs).toBe(silentSince);
    await rm(file);
    await expect(lock.requireHeld()).rejects.toMatchObject({ code: "run.lock-lost" });
    await lock.unlock();
  });

  it("is refused where the lock does not say whose it is", async () => {
    for (const text of ["", "{", '{"pid":0,"host":"x","started":"y"}']) {
      await writeFile(file, text);
      await expect(lockFolder(folder, options.clock)).rejects.toMatchObject({ code: "input.run-locked" });
    }
  });

  it("is not unlocked by one who was taken over", async () => {
    const lock = await lockFolder(folder, options.clock);
    await leave({ pid: process.pid, host: "elsewhere" });
    await lock.unlock();
    expect(await isLocked(folder)).toBe(true);
  });
});
