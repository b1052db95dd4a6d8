/** What the table of runs says of one run. */
import { lstat } from "node:fs/promises";
import path from "node:path";
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
  /** The worst that its monitor saw. */
  readonly verdict?: ShownVerdict;
  /** ISO 8601, as is `updated`: of its last checkpoint. */
  readonly started: string;
  readonly updated: string;
  /** What ended it, or why it cannot be read. */
  readonly failure?: string;
}

/** More is no description of ours. */
const MOST_BYTES = 16 * 2 ** 20;

const SEVERITIES: readonly Severity[] = ["failure", "warning", "note", "ok"];

/** Of events that are verdicts. */
function eventsToVerdict({ events }: Pick<RunDescription, "events">): ShownVerdict | undefined {
  const seen = events
    .filter(({ kind }) => Object.hasOwn(VERDICTS, kind))
    .map(({ kind }) => VERDICTS[kind as VerdictId]);
  return SEVERITIES.map((severity) => seen.find((verdict) => verdict.severity === severity)).find(
    (verdict) => verdict !== undefined,
  );
}

/** The best value of the metric that decides: that of the kept checkpoint, else the first that has a better end. */
async function readBest(folder: string, description: RunDescription): Promise<BestScore | undefined> {
  const { rounds, columns } = await readTable(tableLocation(folder, "scores"), []);
  const cast = descriptionToCast(description);
  const directionOf = (column: string) => keyToDirection(columnToScore(cast, column).key);
  const names = [...(description.best ? [description.best.metric] : []), ...columns.keys()];
  const name = names.find((column) => columns.has(column) && directionOf(column) !== "none");
  if (name === undefined) return undefined;
  const direction = directionOf(name) as BestScore["direction"];
  const values = columns.get(name)!;
  let at = -1;
  for (const [i, value] of values.entries())
    if (
      Number.isFinite(value) &&
      (at < 0 || (direction === "lower" ? value < values[at] : value > values[at]))
    )
      at = i;
  if (at < 0) return undefined;
  const score = columnToScore(cast, name);
  return {
    name: `${keyToName(score.key)}${textToVisible(score.of)}`,
    value: values[at],
    round: rounds[at],
    direction,
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
});

/** A run as the table shows it. What cannot be read is an entry, too. */
export async function runToEntry(found: FoundRun): Promise<RunEntry> {
  const { folder, remains } = found;
  if (remains !== undefined) return unreadable(found, remains);
  try {
    const { size } = await lstat(path.join(folder, DESCRIPTION_FILE));
    if (size > MOST_BYTES) return unreadable(found, `${DESCRIPTION_FILE} has ${size} bytes`);
    await requireOwnFiles(folder);
    const description = await readDescription(folder);
    const isHeld = description.status === "running" && (await isLocked(folder));
    const { status, config, data, rounds, started, updated, failure } = description;
    const best = await readBest(folder, description);
    const verdict = eventsToVerdict(description);
    return {
      ...foundToBase(found),
      status: status === "running" && !isHeld ? "died" : status,
      model: textToVisible(String(config.model ?? "")),
      data: textToVisible(data.label),
      round: description.round,
      rounds,
      ...(isHeld && (await readProgress(folder, description))),
      ...(best && { best }),
      ...(verdict && { verdict: { title: verdict.title, severity: verdict.severity } }),
      started: textToVisible(started),
      updated: textToVisible(updated),
      ...(failure !== undefined && { failure: textToVisible(failure) }),
    };
  } catch (error) {
    return unreadable(found, (error as Error).message);
  }
}
