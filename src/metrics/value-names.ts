/** What the names of values in a result say: whose they are, and which way is better. */
import type { Direction } from "./metric.ts";
import { type MetricId, metricIds, metrics } from "./table.ts";

interface Claim {
  readonly id: MetricId;
  /** Whether it is the value that the metric is known for. */
  readonly isMain: boolean;
  /** The name by any extractor, over all classes or as the mean over them (`intra_`). */
  readonly pattern: RegExp;
  readonly direction: Direction;
}

const CLAIMS: readonly Claim[] = metricIds.flatMap((id) => {
  const { keys, direction, directions } = metrics[id];
  return Object.entries(keys).map(
    ([value, key], i): Claim => ({
      id,
      isMain: i === 0,
      pattern: new RegExp(`^(intra_)?${key.replace("{extractor}", "[a-z0-9_]+?")}$`),
      direction: value === "std" ? "none" : (directions?.[value] ?? direction),
    }),
  );
});

const keyToClaim = (key: string): Claim | undefined => CLAIMS.find(({ pattern }) => pattern.test(key));

/** Which way is better, of a value as results name it; `none` for spreads, and for values of no metric of the table. */
export const keyToDirection = (key: string): Direction => keyToClaim(key)?.direction ?? "none";

/** The metric that a user named, by its id (`fid`) or by one of its values (`recall`); undefined for no metric's name. */
export const nameToMetricId = (name: string): MetricId | undefined =>
  metricIds.find((id) => id === name) ?? keyToClaim(name)?.id;

/** The value that a user named, among those of a result: by its own name, or by the metric whose main value it is. */
export function nameToKey(name: string, present: readonly string[]): string | undefined {
  if (present.includes(name)) return name;
  const main = CLAIMS.find(({ id, isMain }) => id === name && isMain);
  return main && present.find((key) => !key.startsWith("intra_") && main.pattern.test(key));
}
