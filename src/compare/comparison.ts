/** What a comparison of runs or results says: the one object that tables, pages and charts are functions of. */

import type { Warning } from "../errors.ts";
import type { MethodSpread } from "../math/intervals/random-effects.ts";
import type { ComparedAt } from "./options.ts";

export const COMPARISON_SCHEMA = "gan-eval/comparison/1";

/** An option's value as a cell; lists and objects are text. */
export type OptionValue = string | number | boolean | null;

/**
 * - `finished`, `running`, `interrupted`, `failed`: as `run.json` says; results are `finished`
 * - `diverged`: ended by a loss, gradient or weight that was no number any more
 * - `unreadable`: a folder that should hold a run, and does not
 */
export type RowStatus = "finished" | "running" | "interrupted" | "diverged" | "failed" | "unreadable";

/** Rows of these are failures: they have no value, and count as worse than any. */
export const FAILED: ReadonlySet<RowStatus> = new Set(["diverged", "failed", "unreadable"]);

export interface ComparedMetric {
  /** The name in results: `frechet_digits_distance`. */
  readonly key: string;
  readonly direction: "lower" | "higher";
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One metric of one row. */
export interface Score {
  /** Of a run by `at`; of a result its value. */
  readonly value: number;
  /** Over all evaluations of a run, and when that was. */
  readonly best?: number;
  readonly bestRound?: number;
  /** At a run's last evaluation. */
  readonly last?: number;
  /** Of a result that has one, 95 %: of this checkpoint, as other images would score it. */
  readonly interval?: Interval;
  readonly standardError?: number;
  /** The share of the standard error's square that is of the real images. */
  readonly referenceShare?: number;
}

/** `inconclusive`: 0 is within the interval, so that nothing says which is better. */
export type DifferenceVerdict = "better" | "worse" | "inconclusive";

/** A value less the baseline's. */
export interface Difference extends Interval {
  readonly value: number;
  readonly verdict: DifferenceVerdict;
}

/** A run, or a result file. */
export interface ComparisonRow {
  /** Unlike every other row's: the folder's or file's name, with as much of its path as that takes. */
  readonly name: string;
  readonly location: string;
  readonly kind: "run" | "result";
  readonly status: RowStatus;
  /** What ended a run that failed. */
  readonly failure?: string;
  /** Every option that varies among the rows, by name; null where a row lacks it. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly seed: number | null;
  /** By metric key; empty for rows without scores. */
  readonly scores: Readonly<Record<string, Score>>;
  /** By the deciding metric; null for failures and for rows without it. */
  readonly value: number | null;
  /** Less the baseline's, where both have intervals. */
  readonly difference?: Difference;
  /** Rounds that were played, and how long they took. */
  readonly rounds?: number;
  readonly seconds?: number;
  /** As a shell takes it; what repeats the row. */
  readonly command: string;
  /** Its place in `groups`. */
  readonly group: number;
}

/** Rows of equal options and other seeds. */
export interface ComparisonGroup {
  /** `gan, lr 1e-4`; a lone row's own name where no option varies. */
  readonly name: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Places in `rows`, best first, failures last. */
  readonly rows: readonly number[];
  readonly n: number;
  /** Rows without a value by the deciding metric. */
  readonly failures: number;
  /** A failure counts as worse than any value: null where half or more are failures. */
  readonly median: number | null;
  /** Of rows with a value; null where there is none. */
  readonly best: number | null;
  readonly worst: number | null;
  readonly mean: number | null;
  /** Sample standard deviation over seeds; null for fewer than two values. */
  readonly sd: number | null;
  /** Of the mean over seeds, 95 %: that of the method (`spreads`); of a lone result its own, of its checkpoint. */
  readonly interval: Interval | null;
  /** Of each metric that two seeds or more have: how much training varies, how much sampling does, and the method's interval. */
  readonly spreads: Readonly<Record<string, MethodSpread>>;
  /** Of means, less the baseline's: Welch's t over seeds, or by the results' own intervals. None of the baseline itself. */
  readonly difference?: Difference;
}

/** Runs at one learning rate, or of learning rates that are near one another. */
export interface RatePoint {
  readonly lr: number;
  /** Of the runs' rates, where they are not one. */
  readonly low: number;
  readonly high: number;
  /** Places in `rows`. */
  readonly rows: readonly number[];
  readonly n: number;
  /** Runs without a value, and runs that are more than twice as bad as the best median. */
  readonly failures: number;
  readonly poor: number;
  readonly median: number | null;
  readonly best: number | null;
  readonly worst: number | null;
}

/** The longest row of neighbouring rates within 1.5 times the best median, none with a failure or a poor run. */
export interface SafeBand extends Interval {
  /** log10(high / low): 0 of a lone rate. */
  readonly decades: number;
}

/** One curve of the metric against the learning rate. */
export interface RateCurve {
  /** The model's, or whatever tells curves apart. */
  readonly name: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** By rate, rising. */
  readonly points: readonly RatePoint[];
  /** The rate of the best median, and that median. */
  readonly best: { readonly lr: number; readonly median: number } | null;
  /** Null where no rate is safe, or the metric's values are not all above 0, so that "1.5 times" means nothing. */
  readonly safeBand: SafeBand | null;
  /** Of all runs: the share of failures and poor ones. */
  readonly failureShare: number;
}

/** The best of k runs that are drawn from a curve's runs without putting back, k = 1, 2, ... */
export interface Budget {
  readonly name: string;
  readonly runs: number;
  readonly points: readonly {
    readonly k: number;
    /** Null where k failures may be drawn. */
    readonly expected: number | null;
    /** Quantiles 5 %, 50 % and 95 % from the best on; null where that is a failure. */
    readonly low: number | null;
    readonly median: number | null;
    readonly high: number | null;
  }[];
}

export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  /** What the rows are sorted by. */
  readonly metric: ComparedMetric;
  /** Every metric that some row has. */
  readonly metrics: readonly ComparedMetric[];
  /** Of runs: whether values are the best over the evaluations, or the last. */
  readonly at: ComparedAt;
  /** Options that vary, the most telling first. Those that follow from the model are left out. */
  readonly varying: readonly string[];
  /** Options that are the same in all rows. */
  readonly fixed: Readonly<Record<string, OptionValue>>;
  /** Everything that must agree for the values to be comparable. */
  readonly protocol: Readonly<Record<string, OptionValue>>;
  /** Best first, failures last. */
  readonly rows: readonly ComparisonRow[];
  /** By median, best first, failures last. */
  readonly groups: readonly ComparisonGroup[];
  /** Place in `groups` of what the differences are to: the best, unless one was named. */
  readonly baseline: number | null;
  /** Place in `rows` of the best one. */
  readonly best: number | null;
  /** Number of rows by status. */
  readonly counts: Readonly<Partial<Record<RowStatus, number>>>;
  /** Where learning rates vary: a curve a model, and over them all what best-of-k runs get. */
  readonly curves: readonly RateCurve[];
  readonly budgets: readonly Budget[];
  readonly warnings: readonly Warning[];
}
