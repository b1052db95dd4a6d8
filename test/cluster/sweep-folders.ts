/** What a sweep left in its folder, and how it compares with another: the bytes that must be equal, nothing that must not be there. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface RunOnDisk {
  readonly status: string;
  readonly round: number;
  readonly started: string;
  readonly updated: string;
  readonly events: readonly { readonly kind: string; readonly round: number }[];
  readonly command: readonly string[];
}

/** Undefined where there is none, or none that can be read at this moment. */
export function readRun(folder: string): RunOnDisk | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Names of the runs' folders. */
export const listRuns = (sweep: string): string[] =>
  existsSync(sweep)
    ? readdirSync(sweep, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(path.join(sweep, entry.name, "run.json")))
        .map(({ name }) => name)
        .sort()
    : [];

export const countFinished = (sweep: string): number =>
  listRuns(sweep).filter((name) => readRun(path.join(sweep, name))?.status === "finished").length;

/** `scores.csv` without the column that the clock writes. */
export function readScores(sweep: string): string {
  const rows = readFileSync(path.join(sweep, "scores.csv"), "utf8").trimEnd().split("\n");
  const clock = rows[0].split(",").indexOf("seconds");
  return rows.map((row) => row.split(",").toSpliced(clock, 1).join(",")).join("\n");
}

const fileToHash = (location: string): string =>
  createHash("sha256").update(readFileSync(location)).digest("hex");

/** The last checkpoint of each run, by its name and the hash of its bytes. */
export function readCheckpoints(sweep: string): Record<string, string> {
  return Object.fromEntries(
    listRuns(sweep).map((name) => {
      const folder = path.join(sweep, name, "checkpoints");
      const last = readdirSync(folder).sort().at(-1)!;
      return [name, `${last} ${fileToHash(path.join(folder, last))}`];
    }),
  );
}

/** Files that nobody may leave: of a writing that was broken off, and locks. */
export const listLeftovers = (sweep: string): string[] =>
  readdirSync(sweep, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tmp\b|run\.lock/.test(path.basename(name)) || name.includes(".tmp-"),
  );

/** Tables of a run that the clock has no part in. */
const RECORDS = ["losses.csv", "scores.csv", "layers.csv", "signals.csv"];

/** Hashes of the records of each run: two writers would have left rows of both. */
export function readRecords(sweep: string): Record<string, string> {
  return Object.fromEntries(
    listRuns(sweep).flatMap((run) =>
      RECORDS.map((table) => path.join(sweep, run, table))
        .filter(existsSync)
        .map((location) => [path.relative(sweep, location), fileToHash(location)]),
    ),
  );
}
