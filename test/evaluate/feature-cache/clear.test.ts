import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFeatureCache } from "../../../src/evaluate/feature-cache/cache.ts";
import { clearEntries } from "../../../src/evaluate/feature-cache/clear-entries.ts";
import { identityToKey } from "../../../src/evaluate/feature-cache/identity.ts";
import { listEntries } from "../../../src/evaluate/feature-cache/list-entries.ts";
import { extractRest, identity, occasion, ROWS, WIDTH } from "./small-set.ts";

const DAY = 24 * 3600 * 1000;
const today = Date.UTC(2026, 0, 31);
const clock = () => today;
const identityOf = (end: string) => ({ ...identity, end });
const keyOf = (end: string) => identityToKey(identityOf(end));

let folder: string;
let features: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "clear-"));
  features = path.join(folder, "features");
  await mkdir(path.join(folder, "networks/inception"), { recursive: true });
  await writeFile(path.join(folder, "networks/inception/manifest.json"), "{}");
});
afterEach(async () => {
  // Networks are nobody's to remove.
  expect(await readdir(path.join(folder, "networks/inception"))).toEqual(["manifest.json"]);
  await rm(folder, { recursive: true });
});

async function keep(end: string, daysAgo: number, rows = ROWS): Promise<void> {
  const cache = openFeatureCache({ folder, clock: () => today - daysAgo * DAY });
  await extractRest((await cache.begin(identityOf(end), occasion))!, 10, rows);
  if (rows === ROWS) return;
  const then = new Date(today - daysAgo * DAY);
  await utimes(path.join(features, "unfinished", keyOf(end), "entry/progress.json"), then, then);
}

/** One of each state. */
async function keepAll(): Promise<() => Promise<void>> {
  await keep("whole", 3);
  await keep("unfinished", 2, 20);
  await keep("damaged", 1);
  await writeFile(path.join(features, keyOf("damaged"), "meta.json"), "{}");
  const then = new Date(today - DAY);
  await utimes(path.join(features, keyOf("damaged"), "meta.json"), then, then);
  const { writer } = (await openFeatureCache({ folder, clock }).begin(identityOf("writing"), occasion))!;
  return () => writer.abandon();
}
const statesOf = (entries: readonly { state: string }[]) => entries.map(({ state }) => state);

describe("the list", () => {
  it("of an empty or absent cache is empty", async () => {
    expect(await listEntries(folder)).toEqual([]);
    expect(await listEntries(path.join(folder, "absent"))).toEqual([]);
  });

  it("says of each entry what it is, how large and when last used, the latest first", async () => {
    const abandon = await keepAll();
    const entries = await listEntries(folder);
    expect(statesOf(entries)).toEqual(["writing", "damaged", "unfinished", "whole"]);
    const [writing, damaged, unfinished, whole] = entries;
    expect(whole).toMatchObject({
      key: keyOf("whole"),
      folder: path.join(features, keyOf("whole")),
      lastUsed: new Date(today - 3 * DAY).toISOString(),
      record: { identity: identityOf("whole"), location: "./mnist", rows: ROWS, width: WIDTH },
    });
    const rowBytes = ROWS * WIDTH * 4;
    const momentBytes = (3 + WIDTH + WIDTH * WIDTH) * 8;
    expect(whole!.bytes).toBeGreaterThan(rowBytes + momentBytes);
    expect(whole!.bytes).toBeLessThan(rowBytes + momentBytes + 4096);
    expect(unfinished!.record!.rows).toBe(20);
    expect(damaged!.record).toBeNull();
    expect(writing!.record).toBeNull();
    await abandon();
  });

  it("leaves out what is no entry", async () => {
    await mkdir(path.join(features, "notes"), { recursive: true });
    await writeFile(path.join(features, "0".repeat(63)), "");
    expect(await listEntries(folder)).toEqual([]);
    await clearEntries(folder, { clock });
    expect(await readdir(features)).toEqual(["0".repeat(63), "notes"]);
  });

  it.skipIf(process.platform === "win32")(
    "of a folder that cannot be read is an error that names it",
    async () => {
      await symlink(features, features);
      const expected = { code: "input.cache-folder", message: expect.stringContaining(features) };
      await expect(listEntries(folder)).rejects.toMatchObject(expected);
      await expect(clearEntries(folder, { clock })).rejects.toMatchObject(expected);
    },
  );
});

describe("clearing", () => {
  it("removes all but what is being written, and says how many bytes", async () => {
    const abandon = await keepAll();
    const listed = await listEntries(folder);
    const { removed, inUse, bytes } = await clearEntries(folder, { clock });
    expect(statesOf(removed)).toEqual(["damaged", "unfinished", "whole"]);
    expect(statesOf(inUse)).toEqual(["writing"]);
    expect(bytes).toBe(listed.slice(1).reduce((sum, entry) => sum + entry.bytes, 0));
    expect(statesOf(await listEntries(folder))).toEqual(["writing"]);
    await abandon();
    expect(await readdir(features, { recursive: true })).toEqual(["unfinished"]);
  });

  it("can be of what interrupted extractions left alone", async () => {
    const abandon = await keepAll();
    const { removed } = await clearEntries(folder, { clock, partial: true });
    expect(statesOf(removed)).toEqual(["unfinished"]);
    expect(statesOf(await listEntries(folder))).toEqual(["writing", "damaged", "whole"]);
    await abandon();
  });

  it("can be of what was not used for some days alone", async () => {
    const abandon = await keepAll();
    const cleared = (olderThan: number) =>
      clearEntries(folder, { clock, olderThan, dryRun: true }).then(({ removed }) => statesOf(removed));
    expect(await cleared(3)).toEqual([]);
    expect(await cleared(2.5)).toEqual(["whole"]);
    expect(await cleared(0.5)).toEqual(["damaged", "unfinished", "whole"]);
    // A hit is a use.
    await openFeatureCache({ folder, clock }).find(identityOf("whole"), {});
    expect(await cleared(1.5)).toEqual(["unfinished"]);
    await abandon();
  });

  it("removes nothing in a dry run that says what it would", async () => {
    const abandon = await keepAll();
    const said = await clearEntries(folder, { clock, dryRun: true });
    expect(await listEntries(folder)).toHaveLength(4);
    expect(await clearEntries(folder, { clock })).toEqual(said);
    await abandon();
  });

  it("sweeps up after a removal that was killed", async () => {
    const left = path.join(features, ".removed-0123456789ab");
    await mkdir(left, { recursive: true });
    await writeFile(path.join(left, "features.f32"), Buffer.alloc(1000));
    expect(await clearEntries(folder, { clock })).toEqual({ removed: [], inUse: [], bytes: 1000 });
    expect(await readdir(features)).toEqual([]);
  });
});

describe("a limit of size", () => {
  /** Bytes of an entry of the small set. */
  async function keepThree(): Promise<number> {
    for (const [at, end] of ["oldest", "older", "old"].entries()) await keep(end, 9 - at);
    return (await listEntries(folder))[0]!.bytes;
  }
  const ends = async () => (await listEntries(folder)).map(({ record }) => record!.identity.end);

  it("removes what was used least recently, and never what this cache has found or written", async () => {
    const bytes = await keepThree();
    const cache = openFeatureCache({ folder, clock, limit: 2.5 * bytes });
    await cache.find(identityOf("oldest"), {});
    await extractRest((await cache.begin(identityOf("new"), occasion))!, 10);
    await cache.trim();
    // Four entries, room for two and a half: what was used stays.
    expect((await ends()).sort()).toEqual(["new", "oldest"]);
    const small = openFeatureCache({ folder, clock, limit: 0 });
    await extractRest((await small.begin(identityOf("newest"), occasion))!, 10);
    await small.trim();
    expect(await ends()).toEqual(["newest"]);
    expect((await readdir(features)).sort()).toEqual([keyOf("newest"), "unfinished"].sort());
  });

  it("leaves all in place where there is room, where nothing was written, and without a limit", async () => {
    const bytes = await keepThree();
    const roomy = openFeatureCache({ folder, clock, limit: 5 * bytes });
    await extractRest((await roomy.begin(identityOf("new"), occasion))!, 10);
    await roomy.trim();
    const reading = openFeatureCache({ folder, clock, limit: 0 });
    await reading.find(identityOf("new"), {});
    await reading.trim();
    const unlimited = openFeatureCache({ folder, clock });
    await extractRest((await unlimited.begin(identityOf("newer"), occasion))!, 10);
    await unlimited.trim();
    expect((await ends()).sort()).toEqual(["new", "newer", "old", "older", "oldest"]);
  });

  it("what a process is writing stays, whatever the limit", async () => {
    const { writer } = (await openFeatureCache({ folder, clock }).begin(identityOf("writing"), occasion))!;
    await keepThree();
    const cache = openFeatureCache({ folder, clock, limit: 0 });
    await extractRest((await cache.begin(identityOf("new"), occasion))!, 10);
    await cache.trim();
    expect((await listEntries(folder)).map(({ state }) => state).sort()).toEqual(["whole", "writing"]);
    await writer.abandon();
  });

  it("`cache clear --down-to` removes the least recently used until so much is left", async () => {
    const bytes = await keepThree();
    const { removed } = await clearEntries(folder, { clock, downTo: (2.5 * bytes) / 2 ** 30 });
    expect(removed.map(({ record }) => record!.identity.end)).toEqual(["oldest"]);
    expect((await ends()).sort()).toEqual(["old", "older"]);
    expect((await clearEntries(folder, { clock, downTo: 0 })).removed).toHaveLength(2);
  });
});
