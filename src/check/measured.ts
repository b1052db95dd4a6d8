/** What a check reads of results, and which of them may be compared. */
import type { EvaluationResult } from "../evaluate/result.ts";
import type { Role } from "../metrics/metric.ts";
import { intervalsToSeeds, type Seeds } from "./seeds.ts";

/** The part of a result that a check and a baseline need. */
export type Measured = Pick<EvaluationResult, "metrics" | "intervals" | "inputs" | "protocol">;

export const resultToMeasured = ({ metrics, intervals, inputs, protocol }: Measured): Measured => ({
  metrics,
  ...(intervals && { intervals }),
  inputs,
  protocol,
});

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
        results.map(({ intervals }) => (intervals && Object.hasOwn(intervals, key) ? intervals[key] : undefined)),
      ),
    ]),
  );
}

/** What decides whether two results may be compared, field by field. Where the seed of a draw lies does not matter. */
export type ProtocolFields = Readonly<Record<string, string | number | boolean | null>>;

const ROLES: readonly Role[] = ["real", "fake", "heldOut"];

export function resultToFields({ protocol, inputs, metrics }: Measured): ProtocolFields {
  const fields: Record<string, ProtocolFields[string]> = {
    extractor: protocol.extractor,
    extractorHash: protocol.extractorHash,
    featureEnd: protocol.featureEnd,
    dims: protocol.dims,
    resize: protocol.resize,
    ddof: protocol.ddof,
    compat: protocol.compat?.name ?? null,
  };
  if (Object.keys(metrics).some((key) => key.includes("_score_"))) {
    fields.splits = protocol.splits;
    fields.shuffle = protocol.shuffle;
  }
  for (const [metric, parameters] of Object.entries(protocol.parameters))
    for (const [name, value] of Object.entries(parameters))
      if (name !== "seed") fields[`parameters.${metric}.${name}`] = value;
  for (const role of ROLES) {
    const input = inputs[role];
    if (!input) continue;
    fields[`${role}.count`] = input.count;
    // Fakes are new every night. What reads like another kind of file has a hash of another kind.
    if (role !== "fake" && input.contentHash !== undefined)
      fields[`${role}.contentHash.${input.kind}`] = input.contentHash;
  }
  return fields;
}

export interface ProtocolDifference {
  /** `resize`, `parameters.kid.subsets`, `real.count`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Fields that are unlike; of those that only one side has (a metric more) nothing is known. */
export function fieldsToDifferences(expected: ProtocolFields, found: ProtocolFields): ProtocolDifference[] {
  return Object.keys(expected)
    .filter((field) => Object.hasOwn(found, field) && expected[field] !== found[field])
    .map((field) => ({ field, expected: String(expected[field]), found: String(found[field]) }));
}

/** Whether both say what the real pictures were, in the same way. */
export const isRealKnown = (one: ProtocolFields, other: ProtocolFields): boolean =>
  Object.keys(one).some((field) => field.startsWith("real.contentHash.") && Object.hasOwn(other, field)) ||
  !("real.count" in one && "real.count" in other);
