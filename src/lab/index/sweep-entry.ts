/** What the table of runs says of a sweep: what its runs come to. */
import { textToVisible } from "../../reports/page.ts";
import type { Severity } from "../../run-folder/verdicts.ts";
import type { BestScore, LabStatus, RunEntry } from "./run-entry.ts";

export interface SweepEntry {
  readonly id: string;
  readonly name: string;
  /** Runs that were begun, by status. */
  readonly counts: Readonly<Partial<Record<LabStatus, number>>>;
  /** Of all runs that were begun together. */
  readonly round: number;
  readonly rounds: number;
  readonly best?: BestScore;
  /** How many of its runs have a verdict, and how bad the worst is. */
  readonly problems?: { readonly runs: number; readonly severity: Severity };
  readonly started: string;
  readonly updated: string;
}

/** Of scores by the metric that most of the runs are judged by. */
function runsToBest(runs: readonly RunEntry[]): BestScore | undefined {
  const scores = runs.flatMap(({ best }) => (best ? [best] : []));
  const groups = new Map<string, BestScore[]>();
  for (const score of scores) groups.set(score.name, [...(groups.get(score.name) ?? []), score]);
  const [most] = [...groups.values()].sort((a, b) => b.length - a.length);
  return most?.reduce((best, score) =>
    (score.direction === "lower" ? score.value < best.value : score.value > best.value) ? score : best,
  );
}

function runsToSweep(id: string, name: string, runs: readonly RunEntry[]): SweepEntry {
  const counts: Partial<Record<LabStatus, number>> = {};
  for (const { status } of runs) counts[status] = (counts[status] ?? 0) + 1;
  const judged = runs.flatMap(({ verdict }) => (verdict ? [verdict.severity] : []));
  const best = runsToBest(runs);
  const times = (name: "started" | "updated"): string[] =>
    runs
      .map(({ [name]: time }) => time)
      .filter(Boolean)
      .sort();
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    id,
    name: textToVisible(name),
    counts,
    round: sum(runs.map(({ round }) => round)),
    rounds: sum(runs.map(({ rounds }) => rounds)),
    ...(best && { best }),
    ...(judged.length > 0 && {
      problems: { runs: judged.length, severity: judged.includes("failure") ? "failure" : judged[0] },
    }),
    started: times("started")[0] ?? "",
    updated: times("updated").at(-1) ?? "",
  };
}

/** @param names of sweeps by id */
export function runsToSweeps(runs: readonly RunEntry[], names: ReadonlyMap<string, string>): SweepEntry[] {
  const bySweep = new Map<string, RunEntry[]>();
  for (const run of runs) {
    if (run.sweep === undefined) continue;
    const own = bySweep.get(run.sweep) ?? [];
    own.push(run);
    bySweep.set(run.sweep, own);
  }
  return [...bySweep].map(([id, own]) => runsToSweep(id, names.get(id) ?? "", own));
}
