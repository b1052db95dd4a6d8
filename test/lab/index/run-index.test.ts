/** The index of runs: what it finds, what it says of each, and that it notices what changes. */
import { spawnSync } from "node:child_process";
import { mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { lockFolder } from "../../../src/files/lock.ts";
import { listRuns } from "../../../src/lab/index/list-runs.ts";
import { RunIndex } from "../../../src/lab/index/run-index.ts";
import { emptyFolder, growLosses, writeRun } from "../made-runs.ts";

async function scanned(...roots: string[]): Promise<RunIndex> {
  const index = new RunIndex(roots);
  await index.scan();
  return index;
}

const running = { status: "running", round: 5 } as const;

describe("the index of runs", () => {
  it("finds runs right in a folder, those of sweeps in it, and the folder that is a run", async () => {
    const root = await emptyFolder();
    await writeRun(path.join(root, "runs/a"));
    await writeRun(path.join(root, "sweeps/s/b"));
    await writeRun(path.join(root, "sweeps/s/c"));
    await mkdir(path.join(root, "runs/empty"));
    const index = await scanned(
      path.join(root, "runs"),
      path.join(root, "sweeps"),
      path.join(root, "runs/a"),
    );
    expect(index.runs.map(({ name }) => path.basename(name)).sort()).toEqual(["a", "b", "c"]);
    expect(index.sweeps).toMatchObject([
      { counts: { finished: 2 }, round: 200, rounds: 200, best: { value: 0.25 } },
    ]);
    const [sweep] = index.sweeps;
    expect(index.runs.filter((run) => run.sweep === sweep.id)).toHaveLength(2);
  });

  it("takes a folder with a table of scores for a sweep when it is named itself", async () => {
    const root = await emptyFolder();
    await writeRun(path.join(root, "b"));
    expect((await scanned(root)).sweeps).toEqual([]);
    await writeFile(path.join(root, "scores.csv"), "");
    expect((await scanned(root)).sweeps).toHaveLength(1);
  });

  it("knows how far a run in progress is, beyond its last checkpoint, and how long it takes", async () => {
    const root = await emptyFolder();
    const folder = await writeRun(path.join(root, "a"), running);
    const { unlock } = await lockFolder(folder, Date.now);
    const index = await scanned(root);
    expect(index.runs).toMatchObject([{ status: "running", round: 20, rounds: 100, secondsLeft: 20 }]);
    await growLosses(folder, 21, 40);
    // A row that is being written is none.
    await writeFile(path.join(folder, "losses.csv"), "4100,0", { flag: "a" });
    expect((await index.scan()).runs).toMatchObject([{ round: 40, secondsLeft: 15 }]);
    expect(await index.scan()).toEqual({ runs: [], gone: [] });
    await unlock();
    expect((await index.scan()).runs).toMatchObject([{ status: "died", round: 5 }]);
  });

  it.each([
    ["sliced_wasserstein", 0.25, 10],
    ["modes", 8, 20],
  ])(
    "says the best value of the metric that decides, %s, by its better end",
    async (metric, value, round) => {
      const root = await emptyFolder();
      const best = { round: 20, metric, value: 0, checkpoint: "checkpoints/00000020.safetensors" };
      await writeRun(path.join(root, "a"), { best });
      expect((await scanned(root)).runs[0].best).toMatchObject({ value, round });
    },
  );

  it("shows the worst verdict among the events", async () => {
    const root = await emptyFolder();
    const kinds = ["resumed", "dead-units", "mode-collapse", "oscillation"];
    await writeRun(path.join(root, "a"), {
      events: kinds.map((kind) => ({ round: 1, kind, message: "" })),
    });
    expect((await scanned(root)).runs[0].verdict).toMatchObject({ severity: "failure" });
  });

  it("lists what it cannot read, with the reason, and reads it once it can", async () => {
    const root = await emptyFolder();
    const folder = await writeRun(path.join(root, "a"));
    await truncate(path.join(folder, "run.json"), 40);
    const index = await scanned(root);
    expect(index.runs).toMatchObject([{ status: "unreadable", failure: expect.stringContaining("damaged") }]);
    await writeRun(folder);
    expect((await index.scan()).runs).toMatchObject([{ status: "finished" }]);
  });

  it("notices runs that come, go and move, and folders that are not there yet", async () => {
    const root = await emptyFolder();
    const index = await scanned(path.join(root, "later"));
    expect(index.runs).toEqual([]);
    await writeRun(path.join(root, "later/a"));
    const { runs } = await index.scan();
    expect(runs).toHaveLength(1);
    await rename(path.join(root, "later/a"), path.join(root, "later/b"));
    const moved = await index.scan();
    expect(moved.gone).toEqual([runs[0].id]);
    expect(moved.runs).toHaveLength(1);
    await rm(path.join(root, "later"), { recursive: true });
    expect((await index.scan()).gone).toHaveLength(1);
    expect(index.idToFolder(moved.runs[0].id)).toBeUndefined();
  });

  it.each(["run.json", "losses.csv", "scores.csv", "samples"])(
    "reads nothing of a run whose %s is a link",
    async (name) => {
      const root = await emptyFolder();
      const folder = await writeRun(path.join(root, "runs/a"));
      await mkdir(path.join(root, "else"));
      const target = path.join(root, "else", name);
      if (name === "samples") await mkdir(target);
      else await rename(path.join(folder, name), target);
      await symlink(target, path.join(folder, name));
      const { runs } = await scanned(path.join(root, "runs"));
      expect(runs.filter(({ status }) => status !== "unreadable")).toEqual([]);
    },
  );

  it("lists each torn or hostile folder with a reason, and never throws", async () => {
    const parent = await emptyFolder();
    const write = async (name: string, file: string, text: string): Promise<void> => {
      await mkdir(path.join(parent, name), { recursive: true });
      await writeFile(path.join(parent, name, file), text);
    };
    await write("cut", "run.json", '{"schema": "gan-eval/run/1", "sta');
    await write("other", "run.json", '{"schema": "other/2"}');
    await write("wrong", "run.json", '{"schema": "gan-eval/run/1", "__proto__": {"status": "finished"}}');
    await write("nothing", "losses.csv", "round\n");
    await write("</script>\u202e\n", "run.json", "[]");
    await mkdir(path.join(parent, "link"));
    await symlink("/etc/passwd", path.join(parent, "link", "run.json"));
    await mkdir(path.join(parent, "folder", "run.json"), { recursive: true });
    await mkdir(path.join(parent, "pipe"));
    const hasPipe = spawnSync("mkfifo", [path.join(parent, "pipe", "run.json")]).status === 0;
    await symlink(parent, path.join(parent, "round"));
    await symlink("nowhere", path.join(parent, "dangling"));
    await symlink("/etc/passwd", path.join(parent, "file"));
    const { runs } = await listRuns([parent]);
    const own = runs.filter(({ name }) => !name.includes(`${path.sep}round${path.sep}`));
    expect(own.map(({ status, failure }) => [status, typeof failure])).toEqual(
      Array(hasPipe ? 8 : 7).fill(["unreadable", "string"]),
    );
    expect(JSON.stringify(runs)).not.toContain("root:");
    expect(await listRuns([path.join(parent, "absent")])).toEqual({ runs: [], sweeps: [] });
  });

  it("reads a folder that has not changed only once", async () => {
    const root = await emptyFolder();
    for (const name of ["a", "b"]) await writeRun(path.join(root, name));
    const index = await scanned(root);
    const [a, b] = index.runs;
    await writeRun(path.join(root, "b"), { round: 50 });
    await index.scan();
    expect(index.runs[0]).toBe(a);
    expect(index.runs[1]).not.toBe(b);
  });
});
