/** Values of unlike data or protocols are not compared. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { Entry } from "./entry.ts";
import { optionValueToText, splitOptions } from "./option-values.ts";

/** More values of a field than these are counted instead of told. */
const MOST_VALUES = 4;

/** Fields of the protocol that differ, with their values: `extractor (digits, inception)`. */
function fieldsToText(entries: readonly Entry[], fields: readonly string[]): string {
  return fields
    .map((field) => {
      const values = [...new Set(entries.map(({ protocol }) => optionValueToText(protocol[field] ?? null)))];
      const shown = values.slice(0, MOST_VALUES).join(", ");
      return `${field} (${shown}${values.length > MOST_VALUES ? `, and ${values.length - MOST_VALUES} more` : ""})`;
    })
    .join("; ");
}

/**
 * Names of the protocol's fields that differ.
 * @throws GanEvalError `input.unlike-protocols` where there are any, unless `force`, which warns instead
 */
export function refuseUnlike(
  entries: readonly Entry[],
  force: boolean,
  warnings: Warning[],
): readonly string[] {
  const known = entries.filter(({ status }) => status !== "unreadable");
  if (known.length === 0) return [];
  const { varying } = splitOptions(known.map(({ protocol }) => protocol));
  if (varying.length === 0) return [];
  const text = fieldsToText(known, varying);
  if (!force)
    throw new GanEvalError("input.unlike-protocols", `expected one common protocol, got different ${text}`, {
      hint: "Measure again with the same options, or add --force to compare each protocol in its own group.",
    });
  warnings.push({
    code: "unlike-protocols",
    message: `protocols differ in ${text}: do not compare values across groups`,
  });
  return varying;
}
