/** `scores.csv` of a sweep: one row a run that has ended, in the plan's order. */
import path from "node:path";
import { readRunEntry } from "../compare/read-run-entry.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { keyToDirection } from "../metrics/values.ts";
import { rowsToText } from "../run-folder/csv-rows.ts";
import type { SweepRun } from "./sweep.ts";

export const SCORES_FILE = "scores.csv";

type Row = Readonly<Record<string, string | number>>;

export interface EndedRun {
  readonly status: string;
  readonly error?: string;
}

const BEHIND = ["rounds", "seconds", "folder", "error"];

/** Best and last score of every metric; a run that left nothing to read has its error alone. */
async function runToRow(folder: string, { name, options, seed }: SweepRun, ended: EndedRun): Promise<Row> {
  const entry = await readRunEntry(path.join(folder, name), []);
  const isThere = entry.status !== "unreadable";
  const error = ended.error ?? entry.failure;
  const scores = Object.entries(entry.scores).flatMap(
    ([key, { last, lowest, highest }]): [string, number][] => {
      const best = keyToDirection(key) === "higher" ? highest : lowest;
      return [
        [`${key} best`, best?.value ?? last],
        [`${key} best round`, best?.round ?? entry.rounds ?? 0],
        [`${key} last`, last],
      ];
    },
  );
  return {
    ...options,
    seed,
    status: isThere ? entry.status : ended.status,
    ...Object.fromEntries(scores),
    ...(entry.rounds !== undefined && { rounds: entry.rounds }),
    ...(entry.seconds !== undefined && { seconds: entry.seconds }),
    folder: name,
    ...(error !== undefined && { error }),
  };
}

/** Keeps the file up with the runs; what ends while it is written goes into the next writing. */
export class ScoresFile {
  private readonly folder: string;
  private readonly runs: readonly SweepRun[];
  private readonly rows = new Map<string, Row>();
  private isStale = false;
  private writing: Promise<void> | undefined;

  constructor(folder: string, runs: readonly SweepRun[]) {
    this.folder = folder;
    this.runs = runs;
  }

  async add(run: SweepRun, ended: EndedRun): Promise<void> {
    await this.keep(run, ended);
    await this.flush();
  }

  /** For the next writing. */
  async keep(run: SweepRun, ended: EndedRun): Promise<void> {
    this.rows.set(run.name, await runToRow(this.folder, run, ended));
    this.isStale = true;
  }

  async flush(): Promise<void> {
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      await writeFileAtomically(path.join(this.folder, SCORES_FILE), [Buffer.from(await this.toText())]);
    }
  }

  private toText(): Promise<string> {
    const rows = this.runs.map(({ name }) => this.rows.get(name)).filter((row) => row !== undefined);
    const options = [...new Set(this.runs.flatMap(({ options }) => Object.keys(options)))];
    const before = [...options, "seed", "status"];
    const scores = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
      (key) => !before.includes(key) && !BEHIND.includes(key),
    );
    const columns = [...before, ...scores.sort(), ...BEHIND];
    return rowsToText([columns, ...rows.map((row) => columns.map((key) => row[key] ?? ""))]);
  }
}
