import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeNumberedFolder, reserveFolder } from "../../src/run-folder/reserve.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "reserve-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const clock = Date.now;
const accept = async (): Promise<void> => {};

describe("a numbered folder", () => {
  it("is one's own, however many ask at the same time", async () => {
    const runs = path.join(home, "runs");
    const made = await Promise.all(Array.from({ length: 20 }, () => makeNumberedFolder(runs, "gan")));
    const names = made.map(({ folder }) => path.basename(folder));
    expect(new Set(names).size).toBe(20);
    expect(names.sort()).toEqual(Array.from({ length: 20 }, (_, i) => `gan-${i + 1}`).sort());
  });

  it("has the first number that is free, whatever has the others", async () => {
    await mkdir(path.join(home, "gan-1"));
    await writeFile(path.join(home, "gan-2"), "a file");
    await mkdir(path.join(home, "gan-4"));
    expect((await makeNumberedFolder(home, "gan")).folder).toBe(path.join(home, "gan-3"));
    expect((await makeNumberedFolder(home, "gan")).folder).toBe(path.join(home, "gan-5"));
  });

  it("goes again if nothing lies in it, and the folder above with the last", async () => {
    const runs = path.join(home, "a", "runs");
    const [first, second] = [await makeNumberedFolder(runs, "gan"), await makeNumberedFolder(runs, "gan")];
    await writeFile(path.join(second.folder, "mine.txt"), "mine");
    await first.removeIfEmpty();
    await second.removeIfEmpty();
    expect(await readdir(runs)).toEqual(["gan-2"]);
    await rm(second.folder, { recursive: true });
    await (await makeNumberedFolder(runs, "gan")).removeIfEmpty();
    expect(existsSync(runs)).toBe(true);
    await rm(path.join(home, "a"), { recursive: true });
    await (await makeNumberedFolder(runs, "gan")).removeIfEmpty();
    expect(await readdir(home)).toEqual([]);
  });

  it("that cannot be made is an error that names its place", async () => {
    await writeFile(path.join(home, "runs"), "a file");
    await expect(makeNumberedFolder(path.join(home, "runs"), "gan")).rejects.toMatchObject({
      code: "input.cannot-write",
      message: expect.stringContaining("runs"),
    });
  });
});

describe("a reserved folder", () => {
  it("is refused to others until it is given free", async () => {
    const folder = path.join(home, "a", "b");
    const place = await reserveFolder(folder, clock, accept);
    await expect(reserveFolder(folder, clock, accept)).rejects.toMatchObject({ code: "input.run-locked" });
    await place.remove();
    expect(await readdir(home)).toEqual([]);
    await (await reserveFolder(folder, clock, accept)).unlock();
    expect(await readdir(folder)).toEqual([]);
  });

  it("that was there before stays when it is given back", async () => {
    await (await reserveFolder(home, clock, accept)).remove();
    expect(await readdir(home)).toEqual([]);
  });

  it("leaves nothing where it is refused", async () => {
    const refuse = async (): Promise<void> => {
      throw new Error("no");
    };
    await expect(reserveFolder(path.join(home, "a", "b"), clock, refuse)).rejects.toThrow("no");
    expect(await readdir(home)).toEqual([]);
  });
});
