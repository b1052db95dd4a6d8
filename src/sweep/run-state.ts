/** What there is to do for a run of a sweep: begin it, go on with it, or nothing. */
import path from "node:path";
import { GanEvalError, isCode } from "../errors.ts";
import {
  type ConfigDifference,
  configDifferences,
  differencesToText,
} from "../run-folder/config-differences.ts";
import { type RunDescription, readDescription } from "../run-folder/description.ts";
import { runToConfig } from "../run-folder/read-config.ts";
import { PLACES } from "../run-folder/run-config.ts";
import { type RunRequest, requestToConfig } from "../runs/request-to-config.ts";
import { withOwnModel } from "../train/schemes/own-model.ts";
import type { SweepRun } from "./sweep.ts";

export type RunState = "new" | "unfinished" | "done";

/** Sums of other numbers of threads differ in their last bits: no reason to train all again. Nor where things are found. */
const INDIFFERENT: ReadonlySet<string> = new Set(["threads", ...PLACES]);

function differencesOf(description: RunDescription, request: RunRequest, folder: string): ConfigDifference[] {
  const asked = requestToConfig(request, description.data);
  return configDifferences({ ...runToConfig(description, folder) }, { ...asked }).filter(
    ({ name }) => !INDIFFERENT.has(name),
  );
}

/** A run that diverged would do so again: the same seed, the same data. */
const isDone = ({ status, events }: RunDescription): boolean =>
  status === "finished" || (status === "failed" && events.at(-1)?.kind === "diverged");

async function readIfThere(folder: string): Promise<RunDescription | undefined> {
  try {
    return await readDescription(folder);
  } catch (error) {
    // A folder that holds something else is refused by whoever begins the run, and recorded as its failure.
    if (isCode(error, "input.not-a-run")) return undefined;
    throw error;
  }
}

/**
 * States of all runs, before any is begun.
 * @throws GanEvalError `usage.sweep-changed` where a run is there with other options
 */
export async function runsToStates(folder: string, runs: readonly SweepRun[]): Promise<RunState[]> {
  const states: RunState[] = [];
  const changed: { name: string; differences: ConfigDifference[] }[] = [];
  for (const { name, request } of runs) {
    const location = path.join(folder, name);
    const description = await readIfThere(location);
    states.push(description === undefined ? "new" : isDone(description) ? "done" : "unfinished");
    const { model } = request.model ?? {};
    const differences = description
      ? await withOwnModel({ model }, async () => differencesOf(description, request, location))
      : [];
    if (differences.length > 0) changed.push({ name, differences });
  }
  if (changed.length === 0) return states;
  const [{ name, differences }] = changed;
  const text = differencesToText(differences);
  const others = changed.length > 1 ? `, and ${changed.length - 1} more` : "";
  throw new GanEvalError(
    "usage.sweep-changed",
    `expected the original options of ${name}, got ${text}${others}`,
    {
      hint: `Give the same options again, or another --out; or remove the runs in ${folder} that you want to retrain.`,
    },
  );
}
