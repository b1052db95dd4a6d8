/** The signs of collapse that a run records, each a column of signals.csv over the last evaluations. */
import { isBad, toEvidence } from "./evidence.ts";
import { isOfPictures, lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import { THRESHOLDS, type ThresholdName } from "./thresholds.ts";
import type { Evidence, Finding } from "./verdict.ts";

/** Evaluations that collapse takes: every untrained generator makes one thing, and then a few. */
const LEAST_EVALUATIONS = 3;

export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

interface SignRow {
  readonly column: string;
  readonly bad: "above" | "below";
  readonly threshold: ThresholdName;
  /** What the number is. */
  readonly metric: string;
  /** Of real against real. */
  readonly floor: 0 | 1;
  /** What it means where it is bad, as a clause. */
  readonly text: (value: number) => string;
}

const SIGNS = {
  repeated: {
    column: "nearest_ratio",
    bad: "below",
    threshold: "collapseRepeated",
    metric: "distance to the nearest other sample (fake over real)",
    floor: 1,
    text: (value) =>
      `samples repeat themselves: their nearest others are ${value.toPrecision(2)} times as far as those of real ones`,
  },
  fewClasses: {
    column: "class_diversity",
    bad: "below",
    threshold: "collapseClasses",
    metric: "effective number of classes (fake over real)",
    floor: 1,
    text: (value) => `samples have ${percent(value)} of the variety of classes`,
  },
  fewThumbnails: {
    column: "thumbnail_missing",
    bad: "above",
    threshold: "collapseThumbnails",
    metric: "share of the real thumbnails left out",
    floor: 0,
    text: (value) => `nothing like ${percent(value)} of the real data is made`,
  },
  spread: {
    column: "spread_ratio",
    bad: "below",
    threshold: "collapseSpread",
    metric: "spread ratio (fake over real)",
    floor: 1,
    text: (value) => `samples are ${value.toPrecision(2)} times as far from each other as real ones`,
  },
  missing: {
    column: "missing_share",
    bad: "above",
    threshold: "collapseMissing",
    metric: "share of the real data left out",
    floor: 0,
    text: (value) => `samples leave out ${percent(value)} of the real data`,
  },
  classesMissing: {
    column: "class_missing",
    bad: "above",
    threshold: "partialClasses",
    metric: "share of the real data in classes left out",
    floor: 0,
    text: (value) => `samples leave out classes with ${percent(value)} of the real data`,
  },
  partlyMissing: {
    column: "missing_share",
    bad: "above",
    threshold: "partialMissing",
    metric: "share of the real data left out",
    floor: 0,
    text: (value) => `samples leave out ${percent(value)} of the real data`,
  },
} as const satisfies Readonly<Record<string, SignRow>>;

export type SignName = keyof typeof SIGNS;

export interface Sign {
  readonly evidence: Evidence;
  /** Whether it is bad, and what is missing was not still coming in the last evaluations. */
  readonly isBad: boolean;
  readonly text: string;
}

/**
 * The middle value of the last three evaluations against its threshold. Of pictures a bad one does not count while variety
 * still grows: `unfolding` says by how much from the first of the three to the last.
 */
function rowToSign(row: SignRow, { signals, description }: RunSignals): Sign | undefined {
  const window = lastScorings(signals, row.column);
  if (!window) return undefined;
  const { values, rounds } = window;
  const value = median(values);
  const evidence = toEvidence(row.metric, value, row.bad, row.threshold, { floor: row.floor, rounds });
  const reached = (at: number): number => (row.floor === 1 ? values[at] : 1 - values[at]);
  const isUnfolding =
    isOfPictures(description) && reached(values.length - 1) > THRESHOLDS.unfolding.value * reached(0);
  return { evidence, isBad: isBad(evidence) && !isUnfolding, text: row.text(value) };
}

/** Those of the signs that the run recorded. */
export const runToSigns = (run: RunSignals, names: readonly SignName[]): Sign[] =>
  names.flatMap((name) => rowToSign(SIGNS[name], run) ?? []);

/** Bad signs alone, which speak for a verdict; or all, which speak against it. */
export function signsToFinding(signs: readonly Sign[]): Finding {
  const bad = signs.filter((sign) => sign.isBad);
  if (bad.length === 0) return { clear: signs.map(({ evidence }) => evidence) };
  return {
    holds: bad.map(({ evidence }) => evidence),
    summary: bad.map(({ text }) => text).join("; "),
  };
}

/** Why there is nothing to judge collapse by; undefined where there is. */
export function runToUnknown({ signals, description }: RunSignals): Finding | undefined {
  const count = signals.rounds.length;
  if (count === 0)
    return {
      unknown:
        "the run was not evaluated: train with --eval-every N, or compare samples with --real and --fake",
    };
  if (count < LEAST_EVALUATIONS)
    return {
      unknown: `expected ${LEAST_EVALUATIONS} evaluations or more, got ${count}, and every generator begins with one thing: train with a smaller --eval-every`,
    };
  if (isOfPictures(description) && !signals.columns.has("nearest_ratio"))
    return {
      unknown:
        "an earlier version recorded the run, without what tells bad samples from few: compare its samples with --real and --fake",
    };
  return undefined;
}

/** Whether thumbnails of samples are near enough to real ones to be sorted by them. */
export const hasRealThumbnails = ({ signals }: RunSignals): boolean =>
  median(lastScorings(signals, "thumbnail_distance")?.values ?? []) < THRESHOLDS.unlikeThumbnails.value;
