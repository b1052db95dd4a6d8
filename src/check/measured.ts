/** What a check reads of results. */
import { GanEvalError } from "../errors.ts";
import { objectToResults, readResults } from "../evaluate/read-results.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import { intervalsToSeeds, type Seeds } from "./seeds.ts";

/** The part of a result that a check and a baseline need. */
export type Measured = Pick<EvaluationResult, "metrics" | "intervals" | "inputs" | "protocol">;

export const resultToMeasured = ({ metrics, intervals, inputs, protocol }: Measured): Measured => ({
  metrics,
  ...(intervals && { intervals }),
  inputs,
  protocol,
});

/** A night has one result a seed: those of several extractors are different measurements. */
function toOne(results: readonly EvaluationResult[], location: string): EvaluationResult {
  if (results.length === 1) return results[0];
  throw new GanEvalError(
    "input.not-a-result",
    `expected one result in ${location}, got ${results.length}, one per extractor`,
    { hint: "Measure with one --extractor." },
  );
}

/** @throws GanEvalError `input.not-a-result` */
export const objectToMeasured = (object: unknown, location: string): Measured =>
  toOne(objectToResults(object, location), location);

/** @throws GanEvalError `input.not-a-result` */
export const readMeasured = async (location: string): Promise<Measured> =>
  toOne(await readResults(location), location);

/** Values that all results have, by name. */
export function resultsToSeeds(results: readonly Measured[]): Map<string, Seeds> {
  const keys = Object.keys(results[0]?.metrics ?? {}).filter((key) =>
    results.every(({ metrics }) => Object.hasOwn(metrics, key)),
  );
  return new Map(
    keys.map((key) => [
      key,
      intervalsToSeeds(
        results.map(({ metrics }) => metrics[key]),
        results.map(({ intervals }) =>
          intervals && Object.hasOwn(intervals, key) ? intervals[key] : undefined,
        ),
      ),
    ]),
  );
}
