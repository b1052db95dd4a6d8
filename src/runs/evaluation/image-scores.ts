/** Scores of generated images by rows of the table of metrics, again and again against the same real ones. */
import type { GanEvalError } from "../../errors.ts";
import { isOwnFailure } from "../../evaluate/failures.ts";
import { intervalToReferenceShare } from "../../evaluate/reference-share.ts";
import type { IntervalRecord } from "../../evaluate/result.ts";
import { metricToIntervals } from "../../evaluate/scores/intervals.ts";
import { openContext } from "../../evaluate/scores/score-context.ts";
import type { Metric, Sides, Values } from "../../metrics/metric.ts";
import { valueToKey } from "../../metrics/table.ts";
import type { ScoreError } from "../../run-folder/tables.ts";
import { type ImageScore, scoreToNames } from "./image-score.ts";
import { type References, type Side, toSides } from "./score-sides.ts";

export interface ScoresOptions {
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** What samples were given. */
export interface Scored {
  /** By the names of values; NaN where they could not be measured. */
  readonly scores: Record<string, number>;
  /** Why, by the id of the score. */
  readonly failures: ReadonlyMap<string, GanEvalError>;
  /** Of values that have intervals, where these were asked for. */
  readonly errors: Readonly<Record<string, ScoreError>>;
}

/** Which scores, and whether their standard errors too. */
interface Asked {
  readonly only?: readonly ImageScore[];
  readonly ci?: boolean;
}

/** Not more parts than there are samples here. */
const toParameters = ({ parameters }: ImageScore, count: number | null): ImageScore["parameters"] =>
  typeof parameters.splits === "number" && count !== null
    ? { ...parameters, splits: Math.min(parameters.splits, count) }
    : parameters;

/**
 * Opens a table of scores. What a metric finds of the real side alone (neighbours, unit rows, frequencies) is found at
 * the first evaluation and kept: `context.memo` keeps it as long as the real features live, which is as long as this does.
 * What is of generated samples goes with them.
 *
 * A score that cannot be measured on some samples (`input.*`, `usage.*`) is NaN there, and does not end a run.
 */
export function openImageScores(
  scores: readonly ImageScore[],
  { threads, signal }: ScoresOptions,
): (fake: Side, references: References, asked?: Asked) => Promise<Scored> {
  const setting = {
    ...{ family: "", seed: 0, ci: true, floor: false, warn: () => {} },
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
  };
  const context = openContext("score", setting);
  return async (fake, references, { only = scores, ci = false } = {}) => {
    const measured = new Map<string, Values>();
    const failures = new Map<string, GanEvalError>();
    const values: Record<string, number> = {};
    const errors: Record<string, ScoreError> = {};
    for (const score of only) {
      signal?.throwIfAborted();
      const of = `${score.row.id} ${score.view}`;
      const sides = toSides(score, fake, references);
      try {
        if (!measured.has(of))
          measured.set(of, await score.row.measure(sides, toParameters(score, sides.fake.count), context));
        Object.assign(values, pickValues(score, score.row, measured.get(of)!));
        if (ci) {
          const parameters = toParameters(score, sides.fake.count);
          const own = { ...setting, family: score.family };
          const planned = { row: score.row, parameters };
          const intervals = await metricToIntervals(planned, sides, measured.get(of)!, context, own);
          Object.assign(errors, intervalsToErrors(score, intervals, sides));
        }
      } catch (error) {
        if (!isOwnFailure(error)) throw error;
        failures.set(score.id, error);
        for (const name of scoreToNames(score)) values[name] = Number.NaN;
      }
    }
    return { scores: values, failures, errors };
  };
}

/** Of the values that the score keeps. */
function intervalsToErrors(
  score: ImageScore,
  intervals: Readonly<Record<string, IntervalRecord>>,
  { real, fake }: Sides,
): Record<string, ScoreError> {
  const kept = new Set(scoreToNames(score));
  return Object.fromEntries(
    Object.entries(intervals).flatMap(([key, interval]) =>
      kept.has(key)
        ? [
            [
              key,
              {
                standardError: interval.standardError,
                referenceShare: intervalToReferenceShare(interval, { real, fake }),
              },
            ],
          ]
        : [],
    ),
  );
}

const pickValues = ({ values, family }: ImageScore, row: Metric, measured: Values): Record<string, number> =>
  Object.fromEntries(values.map((value) => [valueToKey(row, value, family), measured[value]]));
