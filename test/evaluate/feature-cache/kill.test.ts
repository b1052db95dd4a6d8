import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openFeatureCache } from "../../../src/evaluate/feature-cache/cache.ts";
import { clearEntries } from "../../../src/evaluate/feature-cache/clear-entries.ts";
import { identityToKey } from "../../../src/evaluate/feature-cache/identity.ts";
import { listEntries } from "../../../src/evaluate/feature-cache/list-entries.ts";
import { everything, extractRest, identity, occasion, ROWS } from "./small-set.ts";

/**
 * A process that is killed, seen from the disk: from the n-th change on, nothing changes any more, and of a write that
 * was under way a half may have come through.
 */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, changes: 0 }));
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const spend = async (half?: () => Promise<unknown>): Promise<void> => {
    disk.changes++;
    if (disk.left > 0 && --disk.left > 0) return;
    const isLast = disk.left === 0;
    disk.left = -1;
    if (isLast) await half?.();
    throw new Error("killed");
  };
  const changing = (change: (...args: never[]) => Promise<unknown>) =>
    (async (...args: never[]) => {
      await spend();
      return change(...args);
    }) as never;
  return {
    ...original,
    ...{ mkdir: changing(original.mkdir), link: changing(original.link), rename: changing(original.rename) },
    ...{ rm: changing(original.rm), rmdir: changing(original.rmdir), utimes: changing(original.utimes) },
    writeFile: changing(original.writeFile as never),
    open: async (location: string, flags: string) => {
      if (flags !== "r" && flags !== "r+") await spend();
      const file = await original.open(location, flags);
      const write = file.write.bind(file) as (...args: unknown[]) => Promise<unknown>;
      const { writeFile, truncate } = file;
      file.write = (async (bytes: Uint8Array, from: number, length: number, at: number) => {
        await spend(() => write(bytes, from, Math.floor(length / 2), at));
        return write(bytes, from, length, at);
      }) as never;
      file.writeFile = async (bytes) => {
        await spend(() => writeFile.call(file, (bytes as Uint8Array).subarray(0, 5)));
        return writeFile.call(file, bytes);
      };
      file.truncate = async (length) => {
        await spend();
        return truncate.call(file, length);
      };
      file.sync = async () => {};
      return file;
    },
  };
});

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "cache-kill-"));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

let now = 0;
const open = (folder: string) =>
  openFeatureCache({ folder, clock: () => now, steadyClock: () => (now += 6000) });

/** What a measurement does, until the n-th change of the disk: how many rows it extracted, if it found none. */
async function measure(folder: string, changes = Number.POSITIVE_INFINITY): Promise<number> {
  disk.left = changes;
  try {
    const cache = open(folder);
    if (await cache.find(identity, { moments: true })) return 0;
    const begun = await cache.begin(identity, occasion);
    return begun ? await extractRest(begun) : ROWS;
  } finally {
    disk.left = Number.POSITIVE_INFINITY;
    // A process that is really killed leaves a lock that is stale; this one lives on.
    const lock = path.join(folder, "features/unfinished", identityToKey(identity), "run.lock");
    for (const name of [lock, `${lock}.removal`]) await rm(name, { force: true });
  }
}

/** What is found without writing: everything or nothing, and nothing that is damaged. */
async function expectWholeOrAbsent(folder: string, when: string): Promise<boolean> {
  const cache = open(folder);
  const found = await cache.find(identity, { features: true });
  if (found) expect(found, when).toEqual(everything());
  expect(cache.warnings(), when).toEqual([]);
  expect((await listEntries(folder)).map(({ state }) => state)).not.toContain("damaged");
  return found !== undefined;
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entry = path.join(folder, "features", identityToKey(identity));
  const names = (await readdir(entry)).filter((name) => !/json$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(path.join(entry, name), "latin1")));
  return Object.fromEntries(names.map((name, i) => [name, texts[i]!]));
}

it("a measurement killed at any change of the disk leaves all or nothing, and the next one goes on", async () => {
  const whole = path.join(parent, "whole");
  disk.changes = 0;
  expect(await measure(whole)).toBe(ROWS);
  const { changes } = disk;
  const expected = await filesOf(whole);
  expect(Object.keys(expected).sort()).toEqual(["features.f32", "moments.f64", "pictures.jsonl"]);
  expect(changes).toBeGreaterThan(40);
  const extractedAgain: number[] = [];
  for (let n = 1; n <= changes; n++) {
    const folder = path.join(parent, `killed-${n}`);
    await measure(folder, n);
    const isWhole = await expectWholeOrAbsent(folder, `killed at change ${n}`);
    const extracted = await measure(folder);
    if (isWhole) expect(extracted).toBe(0);
    extractedAgain.push(extracted);
    expect(await expectWholeOrAbsent(folder, `after the kill at change ${n}`)).toBe(true);
    expect(await filesOf(folder)).toEqual(expected);
  }
  // The later the kill, the less there is left to do.
  expect(extractedAgain).toEqual([...extractedAgain].sort((a, b) => b - a));
  expect(new Set(extractedAgain)).toEqual(new Set([40, 33, 26, 19, 12, 5, 0]));
});

it("so does one that is killed several times, also while entries are cleared", async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.boolean()), { maxLength: 5 }),
      async (kills) => {
        const folder = path.join(parent, `often-${count++}`);
        for (const [kill, isClearing] of kills) {
          await measure(folder, kill);
          if (isClearing) {
            disk.left = 1 + (kill % 7);
            await clearEntries(folder, { clock: () => now }).catch(() => {});
            disk.left = Number.POSITIVE_INFINITY;
            await measure(folder, 1);
          }
          await expectWholeOrAbsent(folder, JSON.stringify(kills));
        }
        await measure(folder);
        expect(await expectWholeOrAbsent(folder, "at last")).toBe(true);
        await clearEntries(folder, { clock: () => now });
        expect(await readdir(path.join(folder, "features"), { recursive: true })).toEqual(["unfinished"]);
      },
    ),
    { numRuns: 40 },
  );
});
