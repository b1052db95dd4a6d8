/** From result files to their comparison. */
import type { EvaluationResult } from "../evaluate/result.ts";
import { wordToShell } from "../shell-word.ts";
import type { Comparison } from "./comparison.ts";
import { type CompareOptions, entriesToComparison } from "./entries-to-comparison.ts";
import type { Entry, EntryScore } from "./entry.ts";
import { type Options, toOptionValue } from "./option-values.ts";

/** A result, and the file that it was read from. */
export interface LocatedResult {
  readonly location: string;
  readonly result: EvaluationResult;
}

/**
 * Everything that decides a number. Of the sides the real content and both counts: distances fall with the numbers of
 * images.
 */
function resultToProtocol({ protocol, inputs }: EvaluationResult): Options {
  const { compat, parameters, ...own } = protocol;
  const { real, fake } = inputs;
  return {
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, toOptionValue(value)])),
    compat: compat?.name ?? null,
    ...Object.fromEntries(
      Object.entries(parameters).flatMap(([id, of]) =>
        Object.entries(of).map(([name, value]) => [`${id} ${name}`, value] as const),
      ),
    ),
    real: real ? (real.contentHash?.slice(0, 16) ?? real.location) : null,
    "real count": real?.count ?? null,
    "fake count": fake?.count ?? null,
  };
}

function resultToEntry({ location, result }: LocatedResult): Entry {
  const { metrics, intervals = {}, provenance, protocol } = result;
  const scores = Object.entries(metrics).flatMap(([key, last]): [string, EntryScore][] => {
    if (!Number.isFinite(last)) return [];
    const interval = intervals[key];
    return [[key, { last, ...(interval && { interval: { low: interval.low, high: interval.high } }) }]];
  });
  return {
    location,
    kind: "result",
    status: "finished",
    options: {},
    protocol: resultToProtocol(result),
    seed: protocol.seed,
    scores: Object.fromEntries(scores),
    seconds: provenance.seconds,
    command: provenance.command.map(wordToShell).join(" "),
  };
}

/** @throws GanEvalError `input.unlike-protocols`, `input.no-scores`, `usage.unknown-metric`, `usage.baseline` */
export const resultsToComparison = (
  results: readonly LocatedResult[],
  options: CompareOptions = {},
): Comparison => entriesToComparison(results.map(resultToEntry), options);
