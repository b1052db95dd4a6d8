/** A run or a result before it is compared with others. */
import type { ScoreError } from "../run-folder/tables.ts";
import type { Interval, RowStatus } from "./comparison.ts";
import type { Options } from "./option-values.ts";

/** How sure `last` is as the value of its checkpoint is known of results with intervals, and of runs with --eval-ci. */
export interface EntryScore extends Partial<ScoreError> {
  /** The metric's own key, where it is that of one maker of several. */
  readonly of?: string;
  readonly last: number;
  /** Of a run: over all evaluations. */
  readonly lowest?: EntryEvaluation;
  readonly highest?: EntryEvaluation;
  readonly interval?: Interval;
}

interface EntryEvaluation extends Partial<ScoreError> {
  readonly value: number;
  readonly round: number;
}

export interface Entry {
  readonly location: string;
  readonly kind: "run" | "result";
  readonly status: RowStatus;
  readonly failure?: string;
  /** What was chosen, but for the seed. */
  readonly options: Options;
  /** What must agree with the others'. Empty of unreadable ones. */
  readonly protocol: Options;
  readonly seed: number | null;
  /** Finite values, by key. */
  readonly scores: Readonly<Record<string, EntryScore>>;
  /** Of a result: the method that it is one seed of. */
  readonly method?: string;
  /** By which its best checkpoint was chosen. */
  readonly metric?: string;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly command: string;
}
