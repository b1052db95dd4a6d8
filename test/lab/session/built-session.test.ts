import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PlaneOptions, ToPage } from "../../../src/lab/protocol/plane-messages.ts";
import type * as Threads from "../../../src/lab/session/pane-thread.ts";
import { readRun } from "../../../src/run-folder/read-run.ts";
import { openGenerator } from "../../../src/samples/open-generator.ts";
import { buildProgram } from "../../cli/built-program.ts";
import { SMALL, type Talk, talk } from "./talk.ts";

let built: string;
let folder: string;
let openPane: Threads.OpenPane;
let page: Talk;

beforeAll(async () => {
  built = buildProgram();
  const module = pathToFileURL(path.join(built, "dist/lab/session/pane-thread.js")).href;
  ({ openPaneThread: openPane } = (await import(module)) as typeof Threads);
  folder = mkdtempSync(path.join(tmpdir(), "lab-exports-"));
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  const program = path.join(bin, "gan-eval");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${built}/dist/cli/main.js' "$@"\n`);
  chmodSync(program, 0o755);
});
afterAll(() => {
  for (const made of [built, folder]) rmSync(made, { recursive: true, force: true });
});
afterEach(() => page.close());

/** Runs a command as a shell does, and gives the only run that it made. */
function runInShell(command: string): string {
  const cwd = mkdtempSync(path.join(folder, "shell-"));
  const env = { ...process.env, PATH: `${path.join(folder, "bin")}:${process.env.PATH}` };
  const { status, stderr } = spawnSync("sh", ["-c", command], { cwd, env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const [name] = readdirSync(path.join(cwd, "runs"));
  return path.join(cwd, "runs", name);
}

type Settings = Extract<ToPage, { kind: "settings" | "opened" }>;
const lastSettings = () =>
  page.told.findLast(
    (message): message is Settings => message.kind === "settings" || message.kind === "opened",
  )!;

async function openAt(round: number, options: PlaneOptions = SMALL): Promise<string> {
  const exports = mkdtempSync(path.join(folder, "exports-"));
  page = talk({ openPane, folder: exports });
  await page.ask({ kind: "open", panes: [options], round }, "state", ({ panes: [of] }) => of.round === round);
  return exports;
}

const exportRun = () => page.ask({ kind: "export", pane: 0, what: "run" }, "exported");
const lossesOf = (run: string): string => readFileSync(path.join(run, "losses.csv"), "utf8");

describe("a session whose panes have threads of their own", () => {
  it("plays, and closes its threads", async () => {
    await openAt(0);
    page.say({ kind: "play" });
    await page.next("state", ({ panes: [{ round }] }) => round >= 200);
    await page.ask({ kind: "pause" }, "state", ({ isPlaying }) => !isPlaying);
    expect(page.frames.length).toBeGreaterThan(2);
  });

  it("exports the run of the command that it shows, to the byte", async () => {
    const options = { ...SMALL, model: "wgan_gp", lr: "1e-3", alternate: true, seed: 7 };
    for (const of of [options, { ...SMALL, instanceNoise: 0.1, rounds: 120, penalty: "r1" }]) {
      const exports = await openAt(100, of);
      const { name } = await exportRun();
      const [{ command, journal }] = lastSettings().panes;
      expect(journal).toEqual([]);
      const other = runInShell(command);
      expect(lossesOf(path.join(exports, name))).toBe(lossesOf(other));
      const [mine, theirs] = await Promise.all([readRun(path.join(exports, name)), readRun(other)]);
      expect(mine.description.config).toEqual(theirs.description.config);
      expect(mine.status).toBe("finished");
      expect(readdirSync(exports)).toEqual([name]);
      await page.close();
    }
  });

  it("exports what was played where settings changed on the way, with its journal and the same end", async () => {
    const exports = await openAt(60);
    await page.ask({ kind: "set", pane: 0, name: "lrGenerator", value: 0.01 }, "state");
    await page.ask(
      { kind: "alone", pane: 0, player: "discriminator", updates: 3 },
      "state",
      ({ panes: [{ updates }] }) => updates.discriminator === 63,
    );
    await page.ask({ kind: "set", pane: 0, name: "discriminatorSteps", value: 2 }, "state");
    await page.ask({ kind: "seek", round: 110 }, "state", ({ panes: [{ round }] }) => round === 110);
    const { name } = await exportRun();
    const run = await readRun(path.join(exports, name));
    expect(run.description.events.map(({ round, message }) => [round, message])).toEqual([
      [60, "lr-generator 0.01"],
      [60, "3 updates of the discriminator alone"],
      [60, "discriminator-steps 2"],
    ]);
    expect([...run.losses.rounds]).toEqual([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
    expect(run.description.name).toBe(path.join(exports, name));
    const generator = await openGenerator({
      run: run.folder,
      engine: "auto",
      device: "auto",
      batchSize: 100,
    });
    expect(generator.round).toBe(110);
    await generator.dispose();
  });

  it("exports points, curves and the generator as files", async () => {
    await openAt(40);
    const ask = async (what: "points" | "curves" | "generator") => {
      const { name, bytes } = await page.ask({ kind: "export", pane: 0, what }, "exported");
      return { name, bytes: Buffer.from(bytes!, "base64") };
    };
    const points = (await ask("points")).bytes.toString().trim().split("\n");
    expect([points[0], points.length]).toEqual(["x,y", 10_001]);
    const curves = await ask("curves");
    expect(curves.name).toBe("curves-40.csv");
    const lines = curves.bytes.toString().trim().split("\n");
    expect(lines[0]).toMatch(/^round,generator_loss,discriminator_loss,/);
    expect(lines.slice(1).map((line) => Number(line.split(",")[0]))).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    const generator = await ask("generator");
    expect(generator.name).toBe("generator-40.onnx");
    expect(generator.bytes.includes("latent")).toBe(true);
  });

  it("writes nothing where it may not, and leaves nothing of an export that is ended", async () => {
    const exports = await openAt(10);
    await page.close();
    page = talk({ openPane, folder: exports, isReadOnly: true });
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    const { code } = await page.ask({ kind: "export", pane: 0, what: "run" }, "error");
    expect(code).toBe("usage.lab-read-only");
    await page.close();
    page = talk({ openPane, folder: exports });
    await page.ask({ kind: "open", panes: [{ ...SMALL, rounds: 1_000_000 }] }, "state");
    page.say({ kind: "export", pane: 0, what: "run" });
    await page.ask({ kind: "step", by: "round" }, "state");
    await page.close();
    expect(readdirSync(exports)).toEqual([]);
  });
});
