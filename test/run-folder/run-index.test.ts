import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/files/lock.ts";
import { descriptionToText, RUN_SCHEMA, type RunDescription } from "../../src/run-folder/description.ts";
import { RunIndex } from "../../src/run-folder/run-index.ts";
import { plan } from "./small-run.ts";

const place = mkdtempSync(path.join(tmpdir(), "run-index-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));
let count = 0;
const newFolder = (): string => {
  const folder = path.join(place, `folder-${count++}`);
  mkdirSync(folder);
  return folder;
};

function leaveRun(folder: string, changes: Partial<RunDescription> = {}): string {
  mkdirSync(folder, { recursive: true });
  const times = { started: "2026-01-02T03:04:05Z", updated: "2026-01-02T03:14:05Z" };
  const ended = { ...plan, ...times, status: "finished", round: 100, events: [] } as const;
  writeFileSync(
    path.join(folder, "run.json"),
    descriptionToText({ schema: RUN_SCHEMA, ...ended, ...changes }),
  );
  return folder;
}

const scan = (...locations: string[]) => new RunIndex(locations).scan();
const event = (kind: string) => ({ round: 7, kind, message: "said" });

describe("the row of a run", () => {
  it.each([
    ["finished", { status: "finished" }, {}],
    ["stopped", { status: "interrupted", round: 40 }, { done: 40, total: 100 }],
    ["stopped", { status: "running", round: 40 }, { done: 40, reason: expect.stringContaining("killed") }],
    ["failed", { status: "failed", failure: "disk full" }, { reason: "disk full" }],
    ["diverged", { status: "failed", events: [event("diverged")] }, {}],
    ["finished", { events: [event("oscillation"), event("resumed")] }, { verdict: "oscillation" }],
    [
      "finished",
      { best: { round: 60, metric: "fid", value: 12.5, checkpoint: "checkpoints/00000060.safetensors" } },
      { best: { round: 60, metric: "fid", value: 12.5 } },
    ],
  ] as const)("says its state: %s", async (state, changes, more) => {
    const folder = leaveRun(newFolder(), changes as Partial<RunDescription>);
    expect(await scan(folder)).toEqual([expect.objectContaining({ folder, kind: "run", state, ...more })]);
  });

  it("follows a run in progress to its last whole row, and forgets it once its process is gone", async () => {
    const parent = newFolder();
    const folder = leaveRun(path.join(parent, "a"), { status: "running", round: 0 });
    const losses = path.join(folder, "losses.csv");
    const lock = await lockFolder(folder, Date.now);
    const index = new RunIndex([parent]);
    expect(await index.scan()).toMatchObject([{ state: "training", done: 0 }]);
    writeFileSync(
      losses,
      `round,epoch\n${Array.from({ length: 2000 }, (_, i) => `${i + 1},0\n`).join("")}20`,
    );
    expect(await index.scan()).toMatchObject([{ state: "training", done: 2000 }]);
    await lock.unlock();
    expect(await index.scan()).toMatchObject([{ state: "stopped", done: 0 }]);
  });
});

describe("an index", () => {
  it("has every run of a folder, and sweeps before their runs, with how many have ended", async () => {
    const parent = newFolder();
    for (let i = 0; i < 40; i++) leaveRun(path.join(parent, `run-${i}`));
    for (let i = 0; i < 5; i++)
      leaveRun(path.join(parent, "sweep", `run-${i}`), { status: i < 3 ? "finished" : "interrupted" });
    writeFileSync(path.join(parent, "sweep", "scores.csv"), "");
    leaveRun(path.join(parent, "plain", "run"));
    mkdirSync(path.join(parent, "images"));
    const rows = await scan(parent);
    expect(rows).toHaveLength(40 + 6 + 1);
    const at = rows.findIndex(({ kind }) => kind === "sweep");
    expect(rows[at]).toMatchObject({
      state: "stopped",
      done: 3,
      total: 5,
      folder: path.join(parent, "sweep"),
    });
    expect(rows[at + 1].folder).toBe(path.join(parent, "sweep", "run-0"));
    const lock = await lockFolder(path.join(parent, "sweep"), Date.now);
    expect((await scan(parent))[at].state).toBe("training");
    await lock.unlock();
  });

  it("reads again what changed, and drops what is gone", async () => {
    const parent = newFolder();
    const [a, b] = ["a", "b"].map((name) => leaveRun(path.join(parent, name), { round: 10 }));
    const index = new RunIndex([parent]);
    const first = await index.scan();
    leaveRun(a, { round: 2000 });
    const second = await index.scan();
    expect(second[0].done).toBe(2000);
    // The very row of before: it was not read again.
    expect(second[1]).toBe(first[1]);
    rmSync(b, { recursive: true });
    expect((await index.scan()).map(({ folder }) => folder)).toEqual([a]);
    rmSync(parent, { recursive: true });
    expect(await index.scan()).toEqual([]);
  });

  it("has a row with a reason for each torn or hostile folder, and never throws", async () => {
    const parent = newFolder();
    const write = (name: string, file: string, text: string): void => {
      mkdirSync(path.join(parent, name), { recursive: true });
      writeFileSync(path.join(parent, name, file), text);
    };
    write("cut", "run.json", '{"schema": "gan-eval/run/1", "sta');
    write("other", "run.json", '{"schema": "other/2"}');
    write("wrong", "run.json", '{"schema": "gan-eval/run/1", "__proto__": {"status": "finished"}}');
    write("nothing", "losses.csv", "round\n");
    write("</script>\u202e\n", "run.json", "[]");
    write("link", "kept.csv", "");
    symlinkSync("/etc/passwd", path.join(parent, "link", "run.json"));
    mkdirSync(path.join(parent, "folder", "run.json"), { recursive: true });
    write("pipe", "kept.csv", "");
    const hasPipe = spawnSync("mkfifo", [path.join(parent, "pipe", "run.json")]).status === 0;
    symlinkSync(parent, path.join(parent, "round"));
    symlinkSync("nowhere", path.join(parent, "dangling"));
    symlinkSync("/etc/passwd", path.join(parent, "file"));
    const rows = (await scan(parent)).filter(({ folder }) => !folder.startsWith(path.join(parent, "round")));
    expect(rows.map(({ state, reason }) => [state, typeof reason])).toEqual(
      Array(hasPipe ? 8 : 7).fill(["torn", "string"]),
    );
    expect(rows.map(({ reason }) => reason).join("\n")).not.toContain("root:");
    expect(await scan(path.join(parent, "absent"))).toEqual([]);
    expect(await scan(path.join(parent, "nothing", "losses.csv"))).toMatchObject([{ state: "torn" }]);
  });
});
