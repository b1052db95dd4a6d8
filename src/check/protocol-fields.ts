/** Which results may be compared: those that agree in every field that decides their numbers. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { Role } from "../math/role.ts";
import type { Measured } from "./measured.ts";

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

/** Whether both say what the real images were, in the same way. */
export const isRealKnown = (one: ProtocolFields, other: ProtocolFields): boolean =>
  Object.keys(one).some((field) => field.startsWith("real.contentHash.") && Object.hasOwn(other, field)) ||
  !("real.count" in one && "real.count" in other);

/** Content hashes of the fakes, in an order of their own. */
export const resultsToFakes = (results: readonly Measured[]): string[] =>
  results.flatMap(({ inputs }) => inputs.fake?.contentHash ?? []).sort();

export const differencesToText = (differences: readonly ProtocolDifference[]): string =>
  differences.map(({ field, expected, found }) => `${field} ${expected} and ${found}`).join("; ");

export const unlike = (
  what: string,
  differences: readonly ProtocolDifference[],
  hint: string,
): GanEvalError =>
  new GanEvalError(
    "input.check-unlike",
    `expected ${what}, got different ${differencesToText(differences)}`,
    {
      hint,
    },
  );

/** Results of different images, and a warning where there were others. */
export interface Distinct {
  readonly results: readonly Measured[];
  readonly warnings: readonly Warning[];
}

/** The same images under two names are one seed: counted twice they would look surer than they are. */
export function resultsToDistinct(results: readonly Measured[]): Distinct {
  const seen = new Set<string>();
  const distinct = results.filter(({ inputs }) => {
    const hash = inputs.fake?.contentHash;
    if (hash === undefined) return true;
    const isNew = !seen.has(hash);
    seen.add(hash);
    return isNew;
  });
  const repeats = results.length - distinct.length;
  const warning: Warning = {
    code: "same-fakes",
    message: `${repeats} of ${results.length} seeds skipped: same images as another seed`,
    hint: "Generate each with its own seed: gan-eval generate --seed N",
  };
  return { results: distinct, warnings: repeats > 0 ? [warning] : [] };
}

/** @throws GanEvalError `input.check-unlike` for seeds that were measured in different ways */
export function requireAlikeSeeds([first, ...others]: readonly Measured[]): void {
  const fields = resultToFields(first);
  for (const other of others) {
    const differences = fieldsToDifferences(fields, resultToFields(other));
    if (differences.length > 0)
      throw unlike(
        "seeds measured in the same way",
        differences,
        "Measure every seed with the same options and the same number of images.",
      );
  }
}
