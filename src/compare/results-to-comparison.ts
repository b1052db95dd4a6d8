/** From result files to their comparison. */
import path from "node:path";
import { protocolsToWarnings } from "../evaluate/arithmetic.ts";
import { intervalToReferenceShare } from "../evaluate/reference-share.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import { wordToShell } from "../shell-word.ts";
import type { Comparison } from "./comparison.ts";
import { type CompareOptions, entriesToComparison } from "./entries-to-comparison.ts";
import type { Entry, EntryScore } from "./entry.ts";
import { type Options, toOptionValue } from "./option-values.ts";
import { locationsToNames } from "./row-names.ts";

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
  // The resize says which crop; arithmetics are warned of, not refused. Earlier versions wrote neither.
  const { compat, parameters, crop: _, arithmetic: __, ...own } = protocol;
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

/** The folder's name, as much of its path as tells it from others. */
function locationsToMethods(locations: readonly string[]): string[] {
  return locationsToNames(locations.map((location) => path.dirname(path.resolve(location))));
}

function resultToEntry({ location, result }: LocatedResult): Entry {
  const { metrics, intervals = {}, provenance, protocol } = result;
  const scores = Object.entries(metrics).flatMap(([key, last]): [string, EntryScore][] => {
    if (!Number.isFinite(last)) return [];
    const interval = intervals[key];
    if (!interval) return [[key, { last }]];
    const { low, high, standardError } = interval;
    const referenceShare = intervalToReferenceShare(interval, result.inputs);
    return [[key, { last, interval: { low, high }, standardError, referenceShare }]];
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
export function resultsToComparison(
  results: readonly LocatedResult[],
  options: CompareOptions = {},
): Comparison {
  const entries = results.map(resultToEntry);
  const warnings = protocolsToWarnings(
    "the results",
    results.map(({ result }) => result.protocol),
  );
  if (options.groupBy !== "folder") return entriesToComparison(entries, options, warnings);
  const methods = locationsToMethods(entries.map(({ location }) => location));
  return entriesToComparison(
    entries.map((entry, i) => ({ ...entry, method: methods[i]! })),
    options,
    warnings,
  );
}
