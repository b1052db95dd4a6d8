/** What differs between two configurations of a run. */
import { isDeepStrictEqual } from "node:util";
import { toStored } from "./description.ts";

export interface ConfigDifference {
  readonly name: string;
  /** Undefined where a side does not have the option. */
  readonly stored: unknown;
  readonly given: unknown;
}

const valueToText = (value: unknown): string => JSON.stringify(value) ?? "unset";

/** `rounds 200 instead of 100, seed 2 instead of 1`. */
export const differencesToText = (differences: readonly ConfigDifference[]): string =>
  differences
    .map(({ name, stored, given }) => `${name} ${valueToText(given)} instead of ${valueToText(stored)}`)
    .join(", ");

/** Options that are not what they were when the run was begun, by name; the order of an object's fields is no difference. */
export function configDifferences(
  stored: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): ConfigDifference[] {
  const [before, now] = [stored, given].map(
    (config) => new Map(Object.entries(toStored(config) as Record<string, unknown>)),
  );
  return [...new Set([...before.keys(), ...now.keys()])]
    .sort()
    .map((name) => ({ name, stored: before.get(name), given: now.get(name) }))
    .filter((difference) => !isDeepStrictEqual(difference.stored, difference.given));
}
