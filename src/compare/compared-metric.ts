/** Values that rows can be sorted by, and the one that a user named. */
import { GanEvalError } from "../errors.ts";
import { keyToDirection, nameToKey } from "../metrics/values.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { ComparedMetric } from "./comparison.ts";

/**
 * The value as something to sort by; undefined for spreads and for values of which neither end is better.
 * @param of the metric's own key, where the value is that of one maker of several: `l1` of `a_to_b_l1`
 */
export function keyToMetric(key: string, of: string = key): ComparedMetric | undefined {
  const direction = keyToDirection(of);
  return direction === "none" ? undefined : { key, direction };
}

/**
 * The metric that a user named: by its key, or by its id (`fid`).
 * @throws GanEvalError `usage.unknown-metric` for others than `present`
 */
export function nameToMetric(name: string, present: readonly ComparedMetric[]): ComparedMetric {
  const names = present.map(({ key }) => key);
  const key = nameToKey(name, names);
  const found = present.find((metric) => metric.key === key);
  if (found) return found;
  const near = wordToSuggestion(name, names);
  throw new GanEvalError(
    "usage.unknown-metric",
    `expected a metric that there is (${names.join(", ")}), got ${JSON.stringify(name)}`,
    {
      hint: near
        ? `Did you mean ${near}?`
        : "Leave --metric out for the one that decided the best checkpoints.",
    },
  );
}
