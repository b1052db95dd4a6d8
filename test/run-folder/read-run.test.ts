import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listRuns } from "../../src/run-folder/list-runs.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { createRun } from "./create-run.ts";
import { options, plan, roundToCheckpoint, roundToRecord } from "./small-run.ts";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "read-run-"));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const runIn = (name: string) => createRun(path.join(parent, name), plan, options);

describe("a run that is read", () => {
  it("has what was written, in full precision", async () => {
    const run = await runIn("a");
    for (let round = 1; round <= 6; round++) await run.record(roundToRecord(round), round / 4);
    await run.score(3, { fid: 1 / 3 });
    await run.score(6, { fid: 1 / 7, kid: 2 });
    await run.time(6, 2, 3);
    await run.sample(6, Buffer.from("png"));
    await run.checkpoint(roundToCheckpoint(6), { keep: 1, best: { metric: "fid", value: 1 / 7 } });

    const record = await readRun(run.folder);
    expect(record.warnings).toEqual([]);
    expect(record.status).toBe("running");
    expect(record.description).toEqual(run.description);
    const { losses, layers, scores, timing } = record;
    expect([...losses.rounds]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...losses.columns.keys()]).toEqual(["epoch", "generator_loss", "discriminator_loss"]);
    expect([...losses.columns.get("generator_loss")!]).toEqual([1, 2, 3, 4, 5, 6].map(Math.sin));
    expect([...scores.columns.get("fid")!]).toEqual([1 / 3, 1 / 7]);
    expect([...scores.columns.get("kid")!]).toEqual([Number.NaN, 2]);
    expect([...timing.columns.get("rounds_per_second")!]).toEqual([3]);
    expect(layers.map(({ player, layer }) => `${player} ${layer}`)).toEqual([
      "generator dense1",
      "generator dense2",
      "discriminator dense1",
    ]);
    const [{ rounds, columns }] = layers;
    expect([...rounds]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...columns.get("weight_norm")!]).toEqual([1, 2, 3, 4, 5, 6].map(Math.sqrt));
    expect(columns.get("update_ratio")![4]).toBeNaN();
    expect(record.samples).toEqual([{ round: 6, location: path.join(run.folder, "samples/00000006.png") }]);
    expect(record.checkpoints.map(({ round }) => round)).toEqual([6]);
    await run.finish("finished");
    expect((await readRun(run.folder)).status).toBe("finished");
  });

  it("was interrupted where it says that it runs and its process is gone", async () => {
    const run = await runIn("a");
    await run.close();
    expect((await readRun(run.folder)).status).toBe("interrupted");
  });

  it("has empty tables for files that it did not write, and warnings for one that was cut", async () => {
    const run = await runIn("a");
    await run.record(roundToRecord(1), 0);
    await run.record(roundToRecord(2), 0);
    await run.finish("interrupted");
    const location = path.join(run.folder, "losses.csv");
    await rm(path.join(run.folder, "layers.csv"));
    await truncate(location, 100);
    const { losses, layers, scores, warnings } = await readRun(run.folder);
    expect([...losses.rounds]).toEqual([1]);
    expect(layers).toEqual([]);
    expect(scores.rounds).toHaveLength(0);
    expect(warnings).toMatchObject([{ code: "cut-table", message: expect.stringContaining("losses.csv") }]);
  });

  it("sees other files in its folders as none of its own", async () => {
    const run = await runIn("a");
    await run.checkpoint(roundToCheckpoint(3), { keep: 1 });
    await mkdir(path.join(run.folder, "samples"));
    for (const name of ["notes.txt", "1.png", "000000001.png", "00000001.png.bak", "-0000001.png"])
      await writeFile(path.join(run.folder, "samples", name), "");
    expect((await readRun(run.folder)).samples).toEqual([]);
    await run.close();
  });
});

describe("runs that are listed", () => {
  it("are those named, those right in a folder, and those of a pattern, each once", async () => {
    for (const name of ["lr-1", "lr-2", "other", "[x]*"]) await (await runIn(name)).finish("finished");
    await mkdir(path.join(parent, "lr-empty"));
    await writeFile(path.join(parent, "lr-file"), "");
    const names = async (...locations: string[]) =>
      (await listRuns(locations.map((location) => path.join(parent, location)))).map((run) =>
        path.relative(parent, run),
      );
    expect(await names("lr-1")).toEqual(["lr-1"]);
    expect(await names("")).toEqual(["[x]*", "lr-1", "lr-2", "other"]);
    expect(await names("lr-*")).toEqual(["lr-1", "lr-2"]);
    expect(await names("lr-?", "lr-2", "")).toEqual(["lr-1", "lr-2", "[x]*", "other"]);
    expect(await names("[x]*")).toEqual(["[x]*"]);
    await symlink("lr-1", path.join(parent, "linked"));
    expect(await names("")).toEqual(["[x]*", "linked", "lr-1", "lr-2", "other"]);
    expect(await names("link*")).toEqual(["linked"]);
    for (const none of ["lr-empty", "lr-file", "missing", "z*"])
      await expect(names("lr-1", none)).rejects.toMatchObject({
        code: "input.not-a-run",
        message: expect.stringContaining(none),
      });
  });
});
