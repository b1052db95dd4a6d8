import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRun, type Run } from "../../src/run-folder/run.ts";
import { createRun } from "./create-run.ts";
import { options, plan, roundToCheckpoint, roundToRecord } from "./small-run.ts";

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "run-"));
  folder = path.join(parent, "runs", "a");
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const begin = () => createRun(folder, plan, options);
const textOf = (name: string) => readFile(path.join(folder, name), "utf8");
const checkpointsOf = async () =>
  (await readdir(path.join(folder, "checkpoints"))).map((name) => Number.parseInt(name, 10));

async function play(run: Run, from: number, to: number): Promise<void> {
  for (let round = from; round <= to; round++) await run.record(roundToRecord(round), round / 10);
}

describe("a new run", () => {
  it("is made in a folder that is not there, or empty, or has hidden files only", async () => {
    await (await begin()).close();
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await writeFile(path.join(folder, ".hidden"), "");
    const run = await begin();
    expect(JSON.parse(await textOf("run.json"))).toEqual({
      ...plan,
      schema: "gan-eval/run/1",
      status: "running",
      started: "2026-01-02T03:04:05.000Z",
      updated: "2026-01-02T03:04:05.000Z",
      round: 0,
      events: [],
    });
    await run.close();
  });

  it("is not mixed with another, nor with other files, and leaves both as they are", async () => {
    await (await begin()).finish("finished");
    const before = await textOf("run.json");
    await expect(begin()).rejects.toMatchObject({
      code: "usage.run-exists",
      hint: expect.stringMatching(/--out.*gan-eval train --resume /),
    });
    expect(await textOf("run.json")).toBe(before);
    await rm(path.join(folder, "run.json"));
    await writeFile(path.join(folder, "thesis.tex"), "");
    await expect(begin()).rejects.toMatchObject({ code: "usage.run-exists" });
    expect(await readdir(folder)).toEqual(["thesis.tex"]);
  });

  it("begins over what a run left that was killed before it was written", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, ".run.json.0123456789ab.tmp"), "{");
    const run = await begin();
    expect((await readdir(folder)).sort()).toEqual(["run.json", "run.lock"]);
    await run.close();
  });

  it("is one, however many processes begin it at once", async () => {
    const results = await Promise.allSettled([begin(), begin(), begin(), begin()]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("in a folder that cannot be made is refused with the folder's name", async () => {
    await writeFile(path.join(parent, "runs"), "a file");
    await expect(begin()).rejects.toMatchObject({
      code: "input.cannot-write",
      message: expect.stringContaining(folder),
    });
  });
});

describe("what a run writes", () => {
  it("stands in its files by round, clock apart", async () => {
    const run = await begin();
    await play(run, 1, 2);
    await run.score(2, { fid: 12.5, kid: 0.25 });
    await run.time(2, 1.5, 20);
    await run.sample(2, Buffer.from("png"));
    await run.flush();
    const third = 1 / 3;
    expect(await textOf("losses.csv")).toBe(
      `round,epoch,generator_loss,discriminator_loss\n1,0.1,${Math.sin(1)},${third}\n2,0.2,${Math.sin(2)},${third / 2}\n`,
    );
    const ratio = 1e-3 / 3;
    expect((await textOf("layers.csv")).split("\n").slice(0, 4)).toEqual([
      "round,player,layer,gradient_norm,weight_norm,update_ratio",
      `1,generator,dense1,1,1,${ratio}`,
      `1,generator,dense2,1,1,${ratio}`,
      `1,discriminator,dense1,1,1,${ratio}`,
    ]);
    expect(await textOf("scores.csv")).toBe("round,fid,kid\n2,12.5,0.25\n");
    expect(await textOf("timing.csv")).toBe("round,seconds,rounds_per_second\n2,1.5,20\n");
    expect(await textOf("samples/00000002.png")).toBe("png");
    await run.close();
  });

  it("is in the files before its checkpoint is", async () => {
    const run = await begin();
    await play(run, 1, 3);
    await run.checkpoint(roundToCheckpoint(3), { keep: 1 });
    expect((await textOf("losses.csv")).trim().split("\n")).toHaveLength(4);
    expect(JSON.parse(await textOf("run.json"))).toMatchObject({ round: 3 });
    await run.close();
  });

  it("of a round comes before its checkpoint, else a kill between them would lose it", async () => {
    const run = await begin();
    await run.checkpoint(roundToCheckpoint(3), { keep: 1 });
    for (const late of [
      () => run.record(roundToRecord(3), 0),
      () => run.score(3, { fid: 1 }),
      () => run.sample(2, Buffer.from("")),
    ])
      await expect(late()).rejects.toMatchObject({ code: "internal.run-order" });
    await run.close();
  });

  it("keeps a metric that comes later in a column of its own, whatever it is called", async () => {
    const run = await begin();
    await run.score(1, { fid: 1 });
    await run.flush();
    await run.score(2, JSON.parse('{"fid":2,"__proto__":3,"a,b":4}'));
    await run.flush();
    expect(await textOf("scores.csv")).toBe('round,fid,__proto__,"a,b"\n1,1,,\n2,2,3,4\n');
    await run.close();
  });

  it("is in order, however little is waited for", async () => {
    const run = await begin();
    const all = [
      ...[1, 2, 3].map((round) => run.record(roundToRecord(round), 0)),
      run.event(1, "remark", "first"),
      run.event(1, "remark", "second"),
      run.checkpoint(roundToCheckpoint(9), { keep: 1 }),
      run.finish("interrupted"),
    ];
    await Promise.all(all);
    const { events, round, status } = JSON.parse(await textOf("run.json"));
    expect(events.map(({ message }: { message: string }) => message)).toEqual(["first", "second"]);
    expect({ round, status }).toEqual({ round: 9, status: "interrupted" });
  });

  it("ends with how it ended, and the folder is free", async () => {
    const run = await begin();
    await play(run, 1, 1);
    await run.finish("failed", "loss NaN");
    expect(JSON.parse(await textOf("run.json"))).toMatchObject({ status: "failed", failure: "loss NaN" });
    expect((await readdir(folder)).sort()).toEqual(["layers.csv", "losses.csv", "run.json"]);
  });
});

describe("checkpoints of a run", () => {
  it("are the last so many and the best", async () => {
    const plans = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 4 }), async (isBest, keep) => {
        await rm(folder, { recursive: true, force: true });
        const run = await begin();
        for (const [i, best] of isBest.entries())
          await run.checkpoint(roundToCheckpoint(i + 1), {
            keep,
            ...(best && { best: { metric: "fid", value: 100 - i } }),
          });
        const rounds = isBest.map((_, i) => i + 1);
        const best = isBest.lastIndexOf(true) + 1;
        const kept = rounds.filter((round) => round > rounds.length - keep || round === best);
        expect(await checkpointsOf()).toEqual(kept);
        expect(run.best?.round ?? 0).toBe(best);
        await run.close();
      }),
      { numRuns: 25 },
    );
  });

  it("take no place of the last so many where they are interim, and the next one removes them", async () => {
    const run = await begin();
    for (const round of [1, 2]) await run.checkpoint(roundToCheckpoint(round), { keep: 2 });
    await run.checkpoint(roundToCheckpoint(3), { keep: 2, isInterim: true });
    expect(await checkpointsOf()).toEqual([1, 2, 3]);
    await run.checkpoint(roundToCheckpoint(4), { keep: 2 });
    expect(await checkpointsOf()).toEqual([2, 4]);
    await run.close();
  });

  it("are at least one", async () => {
    const run = await begin();
    for (const keep of [0, -1, 1.5, Number.NaN])
      expect(() => run.checkpoint(roundToCheckpoint(1), { keep })).toThrow(/at least 1/);
    await run.close();
  });

  it("of which the newest whole one is found; damaged ones are left out with an event", async () => {
    const run = await begin();
    for (const round of [10, 20, 30]) await run.checkpoint(roundToCheckpoint(round), { keep: 3 });
    const cut = path.join(folder, "checkpoints/00000030.safetensors");
    const { size } = await stat(cut);
    for (const length of [0, 7, 100, size - 1]) {
      await truncate(cut, length);
      expect((await run.latestCheckpoint())?.checkpoint).toEqual(roundToCheckpoint(20));
      expect(run.description.events.at(-1)).toMatchObject({ round: 30, kind: "checkpoint-skipped" });
    }
    await run.close();
  });

  it("that are all lost are an error, not a new beginning", async () => {
    const run = await begin();
    expect(await run.latestCheckpoint()).toBeUndefined();
    await run.checkpoint(roundToCheckpoint(10), { keep: 1 });
    await truncate(path.join(folder, "checkpoints/00000010.safetensors"), 9);
    await expect(run.latestCheckpoint()).rejects.toMatchObject({ code: "input.no-checkpoint" });
    await rm(path.join(folder, "checkpoints/00000010.safetensors"));
    await expect(run.latestCheckpoint()).rejects.toMatchObject({ code: "input.no-checkpoint" });
    await run.close();
  });
});

describe("a run that is gone on with", () => {
  it("has lost nothing up to its checkpoint, and has nothing after it", async () => {
    const first = await begin();
    await play(first, 1, 4);
    await first.score(4, { fid: 3 });
    await first.sample(4, Buffer.from("4"));
    await first.checkpoint(roundToCheckpoint(4), { keep: 2, best: { metric: "fid", value: 3 } });
    const names = ["losses.csv", "layers.csv", "scores.csv", "samples/00000004.png"];
    const before = await Promise.all(names.map(textOf));
    await play(first, 5, 7);
    await first.score(6, { fid: 2, kid: 1 });
    await first.sample(6, Buffer.from("6"));
    await first.finish("interrupted");

    const run = await openRun(folder, options);
    const { checkpoint } = (await run.latestCheckpoint())!;
    expect(checkpoint).toEqual(roundToCheckpoint(4));
    await run.rewindTo(4);
    expect(await Promise.all(names.map(textOf))).toEqual(before);
    expect(await readdir(path.join(folder, "samples"))).toEqual(["00000004.png"]);
    expect(run.description).toMatchObject({ status: "running", round: 4, best: { round: 4, value: 3 } });
    await play(run, 5, 5);
    await run.finish("finished");
    expect((await textOf("losses.csv")).trim().split("\n").at(-1)).toMatch(/^5,/);
  });

  it("goes back past its best, and has none then", async () => {
    const run = await begin();
    await run.checkpoint(roundToCheckpoint(1), { keep: 2 });
    await run.checkpoint(roundToCheckpoint(2), { keep: 2, best: { metric: "fid", value: 1 } });
    await run.rewindTo(1);
    expect(run.best).toBeUndefined();
    expect(await checkpointsOf()).toEqual([1]);
    await run.close();
  });

  it("without a checkpoint begins again with nothing of before", async () => {
    const first = await begin();
    await first.score(0, { fid: 300 });
    await first.sample(0, Buffer.from("0"));
    await play(first, 1, 3);
    await first.finish("interrupted");
    const run = await openRun(folder, options);
    expect(await run.latestCheckpoint()).toBeUndefined();
    await run.rewindTo(undefined);
    await run.score(0, { fid: 300 });
    await run.flush();
    expect((await readdir(folder)).sort()).toEqual(["run.json", "run.lock", "samples", "scores.csv"]);
    expect(await textOf("scores.csv")).toBe("round,fid\n0,300\n");
    await run.close();
  });

  it("is not opened twice, nor where there is none", async () => {
    await expect(openRun(folder, options)).rejects.toMatchObject({ code: "input.not-a-run" });
    const run = await begin();
    await expect(openRun(folder, options)).rejects.toMatchObject({ code: "input.run-locked" });
    await run.close();
    await (await openRun(folder, options)).close();
  });

  it("has no leavings of the process that was killed", async () => {
    await (await begin()).finish("interrupted");
    await mkdir(path.join(folder, "samples"));
    await writeFile(path.join(folder, "samples", ".00000001.png.0123456789ab.tmp"), "");
    await writeFile(path.join(folder, ".run.json.0123456789ab.tmp"), "");
    const run = await openRun(folder, options);
    expect(await readdir(path.join(folder, "samples"))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(["run.json", "run.lock", "samples"]);
    await run.close();
  });
});
