/** Runs that were never trained, for comparisons by hand. */
import type { Entry, EntryScore } from "../../src/compare/entry.ts";

export const KEY = "sliced_wasserstein";

export const score = (best: number, last = best, round = 100): EntryScore => ({
  last,
  lowest: { value: Math.min(best, last), round },
  highest: { value: Math.max(best, last), round },
});

/** A run of a model at a rate; no value is a run that diverged. */
export const entry = (
  model: string,
  lr: number,
  seed: number,
  value: number | null,
  changes: Partial<Entry> = {},
): Entry => ({
  location: `sweep/${model}_lr=${lr}_seed=${seed}`,
  kind: "run",
  status: value === null ? "diverged" : "finished",
  options: { model, loss: `${model}'s`, lr, b1: 0.5 },
  protocol: { data: "ring", evalSamples: 2000 },
  seed,
  scores: value === null ? {} : { [KEY]: score(value) },
  metric: KEY,
  rounds: 100,
  command: `gan-eval train --model ${model} --lr ${lr} --seed ${seed}`,
  ...changes,
});
