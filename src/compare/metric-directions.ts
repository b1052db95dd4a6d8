/** Which way is better, by the names that values have in results and in a run's scores. */
import { GanEvalError } from "../errors.ts";
import { type MetricId, metrics } from "../metrics/table.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { ComparedMetric } from "./comparison.ts";

/** Values of runs that are no metric's of the table: of toys, and of classes. */
const OTHERS: Readonly<Record<string, ComparedMetric["direction"]>> = {
  sliced_wasserstein: "lower",
  modes: "higher",
  high_quality: "higher",
  reverse_kl: "lower",
  classes: "higher",
  classes_kl: "lower",
  class_kl: "lower",
  class_total_variation: "lower",
};

interface Claim {
  readonly id: MetricId;
  /** Whether it is the value that the metric is known for. */
  readonly isMain: boolean;
  readonly pattern: RegExp;
  readonly direction: ComparedMetric["direction"] | undefined;
}

/** Every value of the table; the extractor's family in its name may be any. */
const CLAIMS: readonly Claim[] = Object.entries(metrics).flatMap(([id, row]) =>
  Object.entries(row.keys).map(([value, key], i): Claim => {
    const of = value === "std" ? "none" : (row.directions?.[value] ?? row.direction);
    return {
      id: id as MetricId,
      isMain: i === 0,
      pattern: new RegExp(`^(intra_)?${key.replace("{extractor}", "[a-z0-9_]+?")}$`),
      direction: of === "none" ? undefined : of,
    };
  }),
);

/** The value as something to sort by; undefined for spreads and for values of which neither end is better. */
export function keyToMetric(key: string): ComparedMetric | undefined {
  const direction = Object.hasOwn(OTHERS, key)
    ? OTHERS[key]
    : CLAIMS.find(({ pattern }) => pattern.test(key))?.direction;
  return direction && { key, direction };
}

/**
 * The metric that a user named: by its key, or by its id (`fid`).
 * @throws GanEvalError `usage.unknown-metric` for others than `present`
 */
export function nameToMetric(name: string, present: readonly ComparedMetric[]): ComparedMetric {
  const ofId = CLAIMS.filter(({ id, isMain }) => id === name && isMain);
  const found =
    present.find(({ key }) => key === name) ??
    present.find(({ key }) => ofId.some(({ pattern }) => pattern.test(key)));
  if (found) return found;
  const names = present.map(({ key }) => key);
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
