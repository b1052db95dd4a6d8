import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readRun } from "../../src/run-folder/read-run.ts";
import { openRun, type Run } from "../../src/run-folder/run.ts";
import { readCheckpoint } from "../../src/train/checkpoint.ts";
import { createRun } from "./create-run.ts";
import { options, plan, roundToCheckpoint, roundToRecord } from "./small-run.ts";

/**
 * A process that is killed, seen from the disk: from the n-th change on, nothing changes any more, and of a write that
 * was under way a part may have come through.
 */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, changes: 0 }));
const KILLED = "killed";
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const spend = async (half?: () => Promise<unknown>): Promise<void> => {
    disk.changes++;
    if (disk.left === 0) throw new Error(KILLED);
    disk.left--;
    if (disk.left > 0) return;
    await half?.();
    throw new Error(KILLED);
  };
  const changing =
    <A extends unknown[], R>(change: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await spend();
      return change(...args);
    };
  return {
    ...original,
    mkdir: changing(original.mkdir as (...args: unknown[]) => Promise<unknown>),
    link: changing(original.link),
    rename: changing(original.rename),
    rm: changing(original.rm),
    writeFile: changing(original.writeFile as (...args: unknown[]) => Promise<unknown>),
    open: async (location: string, flags: string) => {
      if (flags === "wx") await spend();
      const file = await original.open(location, flags);
      const write = file.write.bind(file) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
      const { writeFile, truncate } = file;
      file.write = (async (bytes: Buffer, from: number, length: number, at: number) => {
        await spend(() => write(bytes, from, Math.floor(length / 2), at));
        return write(bytes, from, length, at);
      }) as unknown as typeof file.write;
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
  parent = await mkdtemp(path.join(tmpdir(), "kill-"));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const ROUNDS = 12;
const DIVERGES = 8;
const SCORES: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  2: { fid: 9 },
  4: { fid: 5 },
  6: { fid: 7, kid: 1 },
  10: { fid: 3, kid: 2, "late, one": 0 },
  12: { fid: 4, kid: 2 },
};

/** The loop of a trainer: one divergence, rolled back to the newest checkpoint and half the rate. */
async function train(run: Run, from: number): Promise<void> {
  let round = from;
  const rolledBack = () => run.description.events.some(({ kind }) => kind === "roll-back");
  while (round < ROUNDS) {
    round++;
    const factor = rolledBack() ? 0.5 : 1;
    if (round === DIVERGES && factor === 1) {
      const latest = await run.latestCheckpoint();
      round = latest?.checkpoint.progress.rounds ?? 0;
      await run.rewindTo(latest && round);
      await run.event(DIVERGES, "roll-back", `to round ${round}`);
      continue;
    }
    await run.record(roundToRecord(round, factor), round / 5);
    if (round % 3 === 0) await run.flush();
    if (round % 4 === 0) await run.sample(round, Buffer.from(`image ${round}`));
    const scores = SCORES[round];
    const isBest = scores && scores.fid < (run.best?.value ?? Number.POSITIVE_INFINITY);
    if (scores) await run.score(round, scores);
    if (round % 3 === 0 || isBest)
      await run.checkpoint(roundToCheckpoint(round, factor), {
        keep: 2,
        ...(isBest && { best: { metric: "fid", value: scores.fid } }),
      });
  }
  await run.finish("finished");
}

async function beginOrGoOn(folder: string): Promise<void> {
  const isThere = await readdir(folder).then(
    (names) => names.includes("run.json"),
    () => false,
  );
  if (!isThere) return train(await createRun(folder, plan, options), 0);
  const run = await openRun(folder, options);
  const latest = await run.latestCheckpoint();
  await run.rewindTo(latest?.checkpoint.progress.rounds);
  await train(run, latest?.checkpoint.progress.rounds ?? 0);
}

/** Trains until the n-th change of the disk; true if it got to the end. */
async function trainUntilKilled(folder: string, changes: number): Promise<boolean> {
  disk.left = changes;
  try {
    await beginOrGoOn(folder);
    return true;
  } catch (error) {
    // What is thrown after the kill may be anything: nobody is there to see it.
    if (disk.left > 0) throw error;
    return false;
  } finally {
    disk.left = Number.POSITIVE_INFINITY;
    // A process that is really killed leaves a lock that is stale; this one lives on.
    await rm(path.join(folder, "run.lock"), { force: true });
  }
}

/**
 * All files, of `run.json` what does not depend on how often the run was killed, and of the checkpoints the last and the
 * best: killed right after its last checkpoint, a run keeps one more of before.
 */
async function outcomeOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(path.join(folder, name), "latin1")] as const),
  );
  const outcome = Object.fromEntries(files);
  const { events: _, ...description } = JSON.parse(outcome["run.json"]);
  const meant = [description.best.checkpoint, names.findLast((name) => name.startsWith("checkpoints"))];
  for (const name of names) if (name.startsWith("checkpoints") && !meant.includes(name)) delete outcome[name];
  return { ...outcome, "run.json": JSON.stringify(description) };
}

/** A killed run can be read at once, whatever it left. */
async function expectReadable(folder: string): Promise<void> {
  const run = await readRun(folder).catch((error) => {
    expect(error.code).toBe("input.not-a-run");
    return undefined;
  });
  if (!run) return;
  for (const { location } of run.checkpoints) await readCheckpoint(location);
  const { best } = run.description;
  if (best) expect(run.checkpoints.map(({ round }) => round)).toContain(best.round);
  for (const { code } of run.warnings) expect(code).toBe("cut-table");
}

describe("a run that is killed and gone on with", () => {
  it("at any change of the disk ends with the bytes of one that was never killed", async () => {
    const whole = path.join(parent, "whole");
    disk.changes = 0;
    expect(await trainUntilKilled(whole, Number.POSITIVE_INFINITY)).toBe(true);
    const changes = disk.changes;
    const expected = await outcomeOf(whole);
    expect(Object.keys(expected)).toEqual([
      "checkpoints/00000010.safetensors",
      "checkpoints/00000012.safetensors",
      "layers.csv",
      "losses.csv",
      "run.json",
      "samples/00000004.png",
      "samples/00000008.png",
      "samples/00000012.png",
      "scores.csv",
    ]);
    expect(changes).toBeGreaterThan(100);
    for (let n = 1; n <= changes; n++) {
      const folder = path.join(parent, `killed-${n}`);
      await trainUntilKilled(folder, n);
      await expectReadable(folder);
      expect(await trainUntilKilled(folder, Number.POSITIVE_INFINITY)).toBe(true);
      expect(await outcomeOf(folder), `killed at change ${n}`).toEqual(expected);
    }
  });

  it("several times does too", async () => {
    const expected = await outcomeOf(path.join(parent, "whole"));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 5 }), async (kills) => {
        const folder = path.join(parent, `often-${count++}`);
        for (const kill of kills) await trainUntilKilled(folder, kill);
        await trainUntilKilled(folder, Number.POSITIVE_INFINITY);
        expect(await outcomeOf(folder)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("while it is rewound past a checkpoint has all rows of the one that it finds", async () => {
    for (let n = 1, isDone = false; !isDone; n++) {
      const folder = path.join(parent, `rewound-${n}`);
      const run = await createRun(folder, plan, options);
      for (let round = 1; round <= 6; round++) {
        await run.record(roundToRecord(round), 0);
        if (round % 3 === 0) await run.checkpoint(roundToCheckpoint(round), { keep: 2 });
      }
      disk.left = n;
      isDone = await run.rewindTo(3).then(
        () => true,
        () => false,
      );
      disk.left = Number.POSITIVE_INFINITY;
      const { checkpoints, losses, layers } = await readRun(folder);
      const found = checkpoints.at(-1)!.round;
      expect(losses.rounds.length, `killed at change ${n}`).toBeGreaterThanOrEqual(found);
      expect(layers[0].rounds.length).toBeGreaterThanOrEqual(found);
    }
  });
});
