/** A run or a result before it is compared with others. */
import type { Interval, RowStatus } from "./comparison.ts";
import type { Options } from "./option-values.ts";

export interface EntryScore {
  /** The metric's own key, where it is that of one maker of several. */
  readonly of?: string;
  readonly last: number;
  /** Of a run: over all evaluations. */
  readonly lowest?: { readonly value: number; readonly round: number };
  readonly highest?: { readonly value: number; readonly round: number };
  readonly interval?: Interval;
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
  /** By which its best checkpoint was chosen. */
  readonly metric?: string;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly command: string;
}
