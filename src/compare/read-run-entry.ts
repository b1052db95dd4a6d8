/** A run as a comparison needs it: `run.json` and the scores, and nothing larger. */
import path from "node:path";
import { isCode, type Warning } from "../errors.ts";
import { isLocked } from "../files/lock.ts";
import { type Cast, columnToScore, descriptionToCast } from "../run-folder/cast.ts";
import { type RunDescription, readDescription } from "../run-folder/description.ts";
import { readTable, type Table } from "../run-folder/read-table.ts";
import { type ScoreError, tableLocation, tableToError } from "../run-folder/tables.ts";
import { wordToShell } from "../shell-word.ts";
import type { RowStatus } from "./comparison.ts";
import type { Entry, EntryScore } from "./entry.ts";
import { type Options, toOptionValue } from "./option-values.ts";

/** Of a run's config: what it was scored by, and on what. */
const PROTOCOL = ["imgSize", "channels", "split", "limit", "extractor", "evalSamples"] as const;

/** Of a run's config: what changes neither the weights nor their scores, or only in their last bits. */
const INDIFFERENT: ReadonlySet<string> = new Set([
  ...["data", "onError", "seed", "recordInterval", "sampleInterval", "checkpointInterval", "keepCheckpoints"],
  ...[
    "evalEvery",
    "evalMetrics",
    "evalCi",
    "tensorboard",
    "diagnoseEvery",
    "engine",
    "device",
    "threads",
    "rates",
  ],
  "modelFile",
]);

/** What was chosen for a run, as cells; what changes neither weights nor scores is left out. */
export function configToOptions(config: RunDescription["config"]): Options {
  const { rates } = config as { rates?: { generator?: number; discriminator?: number } };
  const own = Object.entries(config).filter(
    ([name]) => !INDIFFERENT.has(name) && !(PROTOCOL as readonly string[]).includes(name),
  );
  const [g, d] = [toOptionValue(rates?.generator), toOptionValue(rates?.discriminator)];
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name, toOptionValue(value)])),
    ...(g === d ? { lr: g } : { lrGenerator: g, lrDiscriminator: d }),
  };
}

function descriptionToProtocol({ data, config }: RunDescription): Options {
  return {
    data: data.hash === undefined ? data.label : `${data.label} (${data.hash.slice(0, 8)})`,
    ...Object.fromEntries(PROTOCOL.map((name) => [name, toOptionValue(config[name])])),
  };
}

function valuesToScore(
  rounds: Float64Array,
  column: Float64Array,
  toError: (round: number) => ScoreError | undefined,
): EntryScore | undefined {
  let [lowest, highest, last] = [-1, -1, -1];
  for (const [i, value] of column.entries()) {
    if (!Number.isFinite(value)) continue;
    if (lowest < 0 || value < column[lowest]) lowest = i;
    if (highest < 0 || value > column[highest]) highest = i;
    last = i;
  }
  if (last < 0) return undefined;
  const at = (i: number) => ({ value: column[i], round: rounds[i], ...toError(rounds[i]) });
  return { last: column[last], lowest: at(lowest), highest: at(highest), ...toError(rounds[last]) };
}

function tableToScores({ rounds, columns }: Table, intervals: Table, cast: Cast): Record<string, EntryScore> {
  return Object.fromEntries(
    [...columns].flatMap(([key, column]) => {
      const score = valuesToScore(rounds, column, (round) => tableToError(intervals, key, round));
      const { key: of } = columnToScore(cast, key);
      return score ? [[key, of === key ? score : { of, ...score }] as const] : [];
    }),
  );
}

/** `timing.csv` counts from the beginning, and from 0 again after each interruption. */
function timingToSeconds({ columns }: Table): number | undefined {
  const seconds = columns.get("seconds");
  if (!seconds || seconds.length === 0) return undefined;
  const sum = seconds.reduce(
    (sum, value, i) => sum + value - (i > 0 && seconds[i - 1] <= value ? seconds[i - 1] : 0),
    0,
  );
  return Math.round(1000 * sum) / 1000;
}

async function toStatus(
  folder: string,
  { status, events }: RunDescription,
  scores: Table,
): Promise<RowStatus> {
  if (status === "failed" && events.at(-1)?.kind === "diverged") return "diverged";
  if (status === "running") return (await isLocked(folder)) ? "running" : "interrupted";
  const values = [...scores.columns.values()].flatMap((column) => [...column]);
  return status === "finished" && values.length > 0 && !values.some(Number.isFinite) ? "diverged" : status;
}

const unreadable = (folder: string, failure: string): Entry => ({
  ...{ location: folder, kind: "run", status: "unreadable", failure },
  ...{ options: {}, protocol: {}, seed: null, scores: {}, command: "" },
});

/** A folder without a run that can be read becomes an entry that says so; what is cut short of others is warned of. */
export async function readRunEntry(folder: string, warnings: Warning[]): Promise<Entry> {
  let description: RunDescription;
  try {
    description = await readDescription(folder);
  } catch (error) {
    if (isCode(error, "input.not-a-run")) return unreadable(folder, error.message);
    throw error;
  }
  const own: Warning[] = [];
  const scores = await readTable(tableLocation(folder, "scores"), own);
  const intervals = await readTable(tableLocation(folder, "intervals"), own);
  const timing = await readTable(tableLocation(folder, "timing"), []);
  for (const warning of own)
    warnings.push({ ...warning, message: `${path.basename(folder)}: ${warning.message}` });
  const seconds = timingToSeconds(timing);
  const { config, failure, best, seed, round, command } = description;
  return {
    location: folder,
    kind: "run",
    status: await toStatus(folder, description, scores),
    ...(failure !== undefined && { failure }),
    options: configToOptions(config),
    protocol: descriptionToProtocol(description),
    seed,
    scores: tableToScores(scores, intervals, descriptionToCast(description)),
    ...(best && { metric: best.metric }),
    rounds: round,
    ...(seconds !== undefined && { seconds }),
    command: command.map(wordToShell).join(" "),
  };
}
