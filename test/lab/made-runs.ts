/** Folders of runs that were never trained. */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { pixelsToPng } from "../../src/images/sinks/encode-png.ts";
import { RUN_SCHEMA, type RunDescription, writeDescription } from "../../src/run-folder/description.ts";

const made: string[] = [];
afterAll(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "gan-eval-lab-test-"));
  made.push(folder);
  return folder;
}

export const HEADING = "round,epoch,generator_loss,discriminator_loss,real_score,fake_score\n";
export const lossesRow = (round: number): string =>
  `${round},0,${1 / round},${0.5 + 1 / round},0.6,${0.4 - 0.1 / round}\n`;

export const rounds = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const describeRun = (changes: Partial<RunDescription> = {}): RunDescription => ({
  schema: RUN_SCHEMA,
  status: "finished",
  name: "made",
  command: ["gan-eval", "train", "--data", "ring"],
  versions: { "gan-eval": "0.1.0" },
  config: { model: "gan", evalSamples: 1000, data: "ring" },
  data: { label: "a ring of 8", shape: [2] },
  networks: { generator: [], discriminator: [] },
  rounds: 100,
  seed: 1,
  started: "2026-01-02T03:04:05.000Z",
  updated: "2026-01-02T03:05:05.000Z",
  round: 100,
  events: [],
  ...changes,
});

/** A run with 20 rows of losses and two evaluations. */
export async function writeRun(folder: string, changes: Partial<RunDescription> = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "losses.csv"), HEADING + rounds(1, 20).map(lossesRow).join(""));
  await writeFile(path.join(folder, "scores.csv"), "round,sliced_wasserstein,modes\n10,0.25,3\n20,0.5,8\n");
  await writeFile(path.join(folder, "timing.csv"), "round,seconds,rounds_per_second\n10,5,2\n20,10,4\n");
  await writeDescription(folder, describeRun(changes));
  return folder;
}

export const growLosses = (folder: string, from: number, to: number): Promise<void> =>
  appendFile(path.join(folder, "losses.csv"), rounds(from, to).map(lossesRow).join(""));

export async function writeSample(folder: string, round: number, level = 128): Promise<void> {
  await mkdir(path.join(folder, "samples"), { recursive: true });
  const png = await pixelsToPng(new Uint8Array(64).fill(level), { height: 8, width: 8, channels: 1 });
  await writeFile(path.join(folder, "samples", `${String(round).padStart(8, "0")}.png`), png);
}
