/** Scores of generated images by rows of the table of metrics, again and again against the same real ones. */
import type { GanEvalError } from "../../errors.ts";
import { isOwnFailure } from "../../evaluate/failures.ts";
import { openContext } from "../../evaluate/scores/score-context.ts";
import type { Metric, Values } from "../../metrics/metric.ts";
import { valueToKey } from "../../metrics/table.ts";
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
): (fake: Side, references: References, only?: readonly ImageScore[]) => Promise<Scored> {
  const context = openContext("score", {
    ...{ family: "", seed: 0, warn: () => {} },
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
  });
  return async (fake, references, only = scores) => {
    const measured = new Map<string, Values>();
    const failures = new Map<string, GanEvalError>();
    const values: Record<string, number> = {};
    for (const score of only) {
      signal?.throwIfAborted();
      const of = `${score.row.id} ${score.view}`;
      const sides = toSides(score, fake, references);
      try {
        if (!measured.has(of))
          measured.set(of, await score.row.measure(sides, toParameters(score, sides.fake.count), context));
        Object.assign(values, pickValues(score, score.row, measured.get(of)!));
      } catch (error) {
        if (!isOwnFailure(error)) throw error;
        failures.set(score.id, error);
        for (const name of scoreToNames(score)) values[name] = Number.NaN;
      }
    }
    return { scores: values, failures };
  };
}

const pickValues = ({ values, family }: ImageScore, row: Metric, measured: Values): Record<string, number> =>
  Object.fromEntries(values.map((value) => [valueToKey(row, value, family), measured[value]]));
