/** The signs of collapse that a run records, each a column of signals.csv over the last evaluations. */
import { isBad, toEvidence } from "./evidence.ts";
import { isOfImages, isOfMakers, lastScorings, MAKERS_UNKNOWN, type RunSignals } from "./run-signals.ts";
import { finite, median } from "./series.ts";
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
      `samples repeat: their nearest neighbours are ${value.toPrecision(2)} times as far away as those of real ones`,
  },
  fewClasses: {
    column: "class_diversity",
    bad: "below",
    threshold: "collapseClasses",
    metric: "effective number of classes (fake over real)",
    floor: 1,
    text: (value) => `samples have ${percent(value)} of the class diversity of real ones`,
  },
  spread: {
    column: "spread_ratio",
    bad: "below",
    threshold: "collapseSpread",
    metric: "spread ratio (fake over real)",
    floor: 1,
    text: (value) => `samples are ${value.toPrecision(2)} times as far apart as real ones`,
  },
  missing: {
    column: "missing_share",
    bad: "above",
    threshold: "collapseMissing",
    metric: "share of the real data left out",
    floor: 0,
    text: (value) => `samples miss ${percent(value)} of the real data`,
  },
  classesMissing: {
    column: "class_missing",
    bad: "above",
    threshold: "partialClasses",
    metric: "share of the real data in classes left out",
    floor: 0,
    text: (value) => `samples miss classes with ${percent(value)} of the real data`,
  },
  partlyMissing: {
    column: "missing_share",
    bad: "above",
    threshold: "partialMissing",
    metric: "share of the real data left out",
    floor: 0,
    text: (value) => `samples miss ${percent(value)} of the real data`,
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
 * The middle value of the last three evaluations against its threshold. Of images a bad one does not count while variety
 * still grows: `unfolding` says by how much the last evaluation is above all others.
 */
function rowToSign(row: SignRow, { signals, description }: RunSignals): Sign | undefined {
  const window = lastScorings(signals, row.column);
  const all = signals.columns.get(row.column);
  if (!window || !all) return undefined;
  const { rounds } = window;
  const value = median(window.values);
  const evidence = toEvidence(row.metric, value, row.bad, row.threshold, { floor: row.floor, rounds });
  const reached = finite(all).map((each) => (row.floor === 1 ? each : 1 - each));
  const before = Math.max(...reached.subarray(0, -1));
  const isUnfolding =
    isOfImages(description) && reached[reached.length - 1] > THRESHOLDS.unfolding.value * before;
  return { evidence, isBad: isBad(evidence) && !isUnfolding, text: row.text(value) };
}

/** Bins of thumbnails that were reached, and are not any more: the middle of the last three evaluations over the best before. */
function runToLost(run: RunSignals): Sign | undefined {
  const { signals } = run;
  const window = lastScorings(signals, "thumbnail_missing");
  const all = signals.columns.get("thumbnail_missing");
  if (!window || !all || all.length < 2 * LEAST_EVALUATIONS || !isNear(run, "lostThumbnails"))
    return undefined;
  const reached = finite(all.subarray(0, -window.values.length)).map((missing) => 1 - missing);
  const lost = 1 - (1 - median(window.values)) / Math.max(...reached);
  const metric = "share lost of the kinds of thumbnails that were reached";
  const evidence = toEvidence(metric, lost, "above", "collapseLost", { floor: 0, rounds: window.rounds });
  const text = `${percent(lost)} of the kinds of images made before no longer appear`;
  return { evidence, isBad: isBad(evidence), text };
}

/** Those of the signs that the run recorded. */
export const runToSigns = (run: RunSignals, names: readonly (SignName | "lost")[]): Sign[] =>
  names.flatMap((name) => (name === "lost" ? runToLost(run) : rowToSign(SIGNS[name], run)) ?? []);

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
export function runToUnknown(run: RunSignals): Finding | undefined {
  const { signals, description } = run;
  if (isOfMakers(run)) return { unknown: MAKERS_UNKNOWN };
  const count = signals.rounds.length;
  if (count === 0)
    return {
      unknown:
        "the run was not evaluated: train with --eval-every N, or compare samples with --real and --fake",
    };
  if (count < LEAST_EVALUATIONS)
    return {
      unknown: `expected at least ${LEAST_EVALUATIONS} evaluations, got ${count} (every untrained generator looks collapsed): train with a smaller --eval-every`,
    };
  if (isOfImages(description) && !signals.columns.has("nearest_ratio"))
    return {
      unknown:
        "an earlier version recorded the run without the signals that collapse needs: compare its samples with --real and --fake",
    };
  return undefined;
}

const isNear = ({ signals }: RunSignals, threshold: ThresholdName): boolean =>
  median(lastScorings(signals, "thumbnail_distance")?.values ?? []) < THRESHOLDS[threshold].value;

/** Whether thumbnails of samples are near enough to real ones for their classes to be told. */
export const hasRealThumbnails = (run: RunSignals): boolean => isNear(run, "unlikeThumbnails");
