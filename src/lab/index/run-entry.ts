/** What the table of runs says of one run. */
import { lstat } from "node:fs/promises";
import path from "node:path";
import { configToOptions } from "../../compare/read-run-entry.ts";
import { isLocked } from "../../files/lock.ts";
import { keyToDirection } from "../../metrics/values.ts";
import { keyToName } from "../../reports/charts/metric-name.ts";
import { textToVisible } from "../../reports/page.ts";
import { columnToScore, descriptionToCast } from "../../run-folder/cast.ts";
import { type RunDescription, readDescription } from "../../run-folder/description.ts";
import { readTable } from "../../run-folder/read-table.ts";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import { tableLocation } from "../../run-folder/tables.ts";
import { type Severity, VERDICTS, type VerdictId } from "../../run-folder/verdicts.ts";
import type { FoundRun } from "./find-runs.ts";
import { requireOwnFiles } from "./own-files.ts";
import { readLastRow } from "./read-tail.ts";

/** `died`: it says that it is running, and its process is gone. */
export type LabStatus = RunDescription["status"] | "died" | "unreadable";

export interface BestScore {
  /** The value's name for reading, `FID`. */
  readonly name: string;
  readonly value: number;
  readonly round: number;
  readonly direction: "lower" | "higher";
}

export interface ShownVerdict {
  readonly title: string;
  readonly severity: Severity;
}

export interface RunEntry {
  readonly id: string;
  readonly name: string;
  /** The id of its sweep. */
  readonly sweep?: string;
  readonly status: LabStatus;
  readonly model: string;
  readonly data: string;
  readonly round: number;
  readonly rounds: number;
  /** Of a run in progress that has been measured. */
  readonly secondsLeft?: number;
  readonly best?: BestScore;
  /** The worst that its monitor saw, and the ids of all. */
  readonly verdict?: ShownVerdict;
  readonly verdicts?: readonly string[];
  /** Best values of all scores, by name. */
  readonly scores: Readonly<Record<string, number>>;
  /** Options that are not the same in all runs of the lab. */
  readonly options: RunOptions;
  /** ISO 8601, as is `updated`: of its last checkpoint. */
  readonly started: string;
  readonly updated: string;
  /** What ended it, or why it cannot be read. */
  readonly failure?: string;
}

export type RunOptions = Readonly<Record<string, string | number | boolean | null>>;

/** More is no description of ours. */
const MOST_BYTES = 16 * 2 ** 20;

/** Longer values are no choices. */
const LONGEST_VALUE = 80;

const SEVERITIES: readonly Severity[] = ["failure", "warning", "note", "ok"];

/** Of events that are verdicts. */
function eventsToVerdicts({
  events,
}: Pick<RunDescription, "events">): Pick<RunEntry, "verdict" | "verdicts"> {
  const ids = [...new Set(events.map(({ kind }) => kind))].filter((kind) => Object.hasOwn(VERDICTS, kind));
  if (ids.length === 0) return {};
  const seen = ids.map((id) => VERDICTS[id as VerdictId]);
  const worst = SEVERITIES.flatMap(
    (severity) => seen.find((verdict) => verdict.severity === severity) ?? [],
  )[0];
  return { verdict: { title: worst.title, severity: worst.severity }, verdicts: ids };
}

const isBetter = (direction: BestScore["direction"], value: number, than: number): boolean =>
  direction === "lower" ? value < than : value > than;

/** The place of the best value; -1 where there is none. */
function valuesToBest(values: Float64Array, direction: BestScore["direction"]): number {
  let at = -1;
  for (const [i, value] of values.entries())
    if (Number.isFinite(value) && (at < 0 || isBetter(direction, value, values[at]))) at = i;
  return at;
}

/** Best values of all metrics that have a better end; `best` is of the one that decides, else of the first. */
async function readScores(
  folder: string,
  description: RunDescription,
): Promise<Pick<RunEntry, "best" | "scores">> {
  const { rounds, columns } = await readTable(tableLocation(folder, "scores"), []);
  const cast = descriptionToCast(description);
  const all = [...columns].flatMap(([column, values]): (BestScore & { readonly column: string })[] => {
    const { key, of } = columnToScore(cast, column);
    const direction = keyToDirection(key);
    if (direction === "none") return [];
    const at = valuesToBest(values, direction);
    const name = `${keyToName(key)}${textToVisible(of)}`;
    return at < 0 ? [] : [{ column, name, value: values[at], round: rounds[at], direction }];
  });
  const { column: _, ...best } =
    all.find(({ column }) => column === description.best?.metric) ?? all[0] ?? {};
  return {
    ...(all.length > 0 && { best: best as BestScore }),
    scores: Object.fromEntries(all.map(({ name, value }) => [name, value])),
  };
}

/** How far a run in progress is: its description knows its last checkpoint only. */
async function readProgress(
  folder: string,
  { round, rounds }: RunDescription,
): Promise<{ readonly round: number; readonly secondsLeft?: number }> {
  const [losses, timing] = await Promise.all(
    (["losses", "timing"] as const).map((table) => readLastRow(tableLocation(folder, table))),
  );
  const known = [round, losses?.get("round"), timing?.get("round")].filter((each) => Number.isFinite(each));
  const last = Math.max(...(known as number[]));
  const speed = timing?.get("rounds_per_second") ?? 0;
  return { round: last, ...(speed > 0 && { secondsLeft: Math.max(0, rounds - last) / speed }) };
}

const foundToBase = ({ id, name, sweep }: FoundRun) => ({
  id,
  name: textToVisible(name),
  ...(sweep && { sweep: sweep.id }),
});

const unreadable = (found: FoundRun, failure: string): RunEntry => ({
  ...foundToBase(found),
  ...{ status: "unreadable", model: "", data: "", round: 0, rounds: 0, started: "", updated: "" },
  failure: textToVisible(failure),
  ...{ scores: {}, options: {} },
});

/** Options with a value that can be sorted, and the seed. */
function descriptionToOptions({ config, seed }: RunDescription): RunOptions {
  const all: RunOptions = { ...configToOptions(config), seed };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [
      textToVisible(name),
      typeof value === "string" ? textToVisible(value.slice(0, LONGEST_VALUE)) : value,
    ]),
  );
}

/** A run as the table shows it. What cannot be read is an entry, too. */
export async function runToEntry(found: FoundRun): Promise<RunEntry> {
  const { folder, remains } = found;
  if (remains !== undefined) return unreadable(found, remains);
  try {
    const { size } = await lstat(path.join(folder, DESCRIPTION_FILE));
    if (size > MOST_BYTES) return unreadable(found, `${DESCRIPTION_FILE} has ${size} bytes`);
    const names = await requireOwnFiles(folder);
    const description = await readDescription(folder);
    const isHeld = description.status === "running" && (await isLocked(folder));
    const { status, config, data, rounds, started, updated, failure } = description;
    return {
      ...foundToBase(found),
      status: status === "running" && !isHeld ? "died" : status,
      model: textToVisible(String(config.model ?? "")),
      data: textToVisible(data.label),
      round: description.round,
      rounds,
      ...(isHeld && (await readProgress(folder, description))),
      ...(names.has("scores.csv") ? await readScores(folder, description) : { scores: {} }),
      ...eventsToVerdicts(description),
      options: descriptionToOptions(description),
      started: textToVisible(started),
      updated: textToVisible(updated),
      ...(failure !== undefined && { failure: textToVisible(failure) }),
    };
  } catch (error) {
    return unreadable(found, (error as Error).message);
  }
}
