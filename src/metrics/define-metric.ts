/** Metrics of one's own, beside those of the table. */
import { type Metric, metric, type Parameters, type WidenedParameters } from "./metric.ts";

/**
 * A metric of one's own, for `metrics` of `evaluate`: the same as a row of the table, but `names` may be left out.
 * Default names: the label for the first value, `label: value` for the others.
 */
export function defineMetric<const P extends Parameters, V extends string>({
  names,
  ...row
}: Omit<Metric<WidenedParameters<P>, V>, "names"> & {
  readonly defaults: P;
  readonly names?: Readonly<Partial<Record<V, string>>>;
}): Metric<WidenedParameters<P>, V> {
  const values = Object.keys(row.keys) as V[];
  const own = values.map((value, i) => [value, i === 0 ? row.label : `${row.label}: ${value}`]);
  return metric<P, V>({ ...row, names: { ...Object.fromEntries(own), ...names } } as Complete<P, V>);
}

type Complete<P extends Parameters, V extends string> = Metric<WidenedParameters<P>, V> & {
  readonly defaults: P;
};
