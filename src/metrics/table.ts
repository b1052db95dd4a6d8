import { GanEvalError } from "../errors.ts";
import { meta as fid } from "./frechet.ts";
import { meta as is } from "./inception-score.ts";
import type { ExtractorFamily, MetricMeta } from "./meta.ts";

/** Every metric, under its id. A new metric is one file that exports its `meta`, and one row here. */
export const metrics = { fid, is } as const satisfies Readonly<Record<string, MetricMeta>>;

export type MetricId = keyof typeof metrics;

export const metricIds = Object.keys(metrics) as MetricId[];

/** The row of an id as a user wrote it. Throws `usage.unknown-metric`. */
export function idToMetric(id: string): MetricMeta {
  const meta = Object.hasOwn(metrics, id) ? metrics[id as MetricId] : undefined;
  if (meta) return meta;
  throw new GanEvalError("usage.unknown-metric", `expected a metric (${metricIds.join(", ")}), got "${id}"`, {
    hint: `--metrics ${metricIds.join(",")} computes them all`,
  });
}

/** A metric's values under the names that results give them for one family of extractors. */
export function valuesToResultKeys<M extends MetricMeta>(
  metric: M,
  family: ExtractorFamily,
  values: Readonly<Record<keyof M["keys"][ExtractorFamily] & string, number>>,
): Record<string, number> {
  const names: Readonly<Record<string, string>> = metric.keys[family];
  return Object.fromEntries(
    Object.entries(names).map(([value, key]) => [key, values[value as keyof typeof values] as number]),
  );
}
