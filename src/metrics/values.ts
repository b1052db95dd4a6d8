/** The registry of values: what each value of a result or a run is called, measures and wants to be. */
import type { Direction, Metric } from "./metric.ts";
import { type MetricId, metricIds, metrics, valueToKey } from "./table.ts";

/** What is known of a value by its key in a result or in `scores.csv`. */
export interface ValueInfo {
  readonly key: string;
  /** The metric that gives it; none for values of classes and of toy data. */
  readonly metric?: MetricId;
  /** Whether it is the value that the metric is known for. */
  readonly isMain: boolean;
  /** For people: `FID`, `Frechet digits distance`. */
  readonly name: string;
  readonly unit: string;
  /** Which way is better; `none` for spreads and where neither end is. */
  readonly direction: Direction;
  /** The key of its standard deviation over splits or subsets, where the metric has one. */
  readonly spread?: string;
}

/** Values that no metric of the table gives: of classes and of toy data. */
const OTHER_VALUES = {
  sliced_wasserstein: { name: "Sliced Wasserstein", unit: "data units", direction: "lower" },
  modes: { name: "Modes", unit: "modes", direction: "higher" },
  high_quality: { name: "High quality", unit: "share of samples", direction: "higher" },
  reverse_kl: { name: "Reverse KL", unit: "nats", direction: "lower" },
  classes: { name: "Classes", unit: "classes", direction: "higher" },
  classes_kl: { name: "Classes KL", unit: "nats", direction: "lower" },
  class_kl: { name: "KL of class shares", unit: "nats", direction: "lower" },
  class_total_variation: { name: "Total variation of class shares", unit: "share", direction: "lower" },
} as const satisfies Readonly<Record<string, Pick<ValueInfo, "name" | "unit" | "direction">>>;

/** A value that no metric of the table gives. Whoever makes such values types their keys by this. */
export type OtherValueKey = keyof typeof OTHER_VALUES;
export const OTHER_VALUE_KEYS = Object.keys(OTHER_VALUES) as OtherValueKey[];

/** Names that the field knows these by. Other networks' values have longer ones, so that nobody mixes them up. */
const KNOWN_NAMES: Readonly<Record<string, string>> = {
  frechet_inception_distance: "FID",
  intra_frechet_inception_distance: "Intra-FID",
  inception_score_mean: "Inception Score",
  kernel_inception_distance_mean: "KID",
  spatial_frechet_inception_distance: "sFID",
  frechet_inception_distance_infinity: "FID∞",
  inception_score_infinity: "IS∞",
  monge_inception_distance: "MIND",
  memorization_informed_frechet_inception_distance: "MIFID",
};

/** Keys are the extractor's family in a metric's own pattern; `intra_` is the mean over the classes. */
const PATTERNS = metricIds.flatMap((id) =>
  Object.entries(metrics[id].keys).map(([value, key], place) => ({
    id,
    value,
    isMain: place === 0,
    pattern: new RegExp(`^(intra_)?${key.replace("{extractor}", "([a-z0-9_]+?)")}$`),
  })),
);

const toTitle = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `inception` to `Inception`, `stacked_digits` to `stacked digits`: for reading. */
const familyToName = (family: string): string =>
  family === "inception" ? "Inception" : family.replaceAll("_", " ");

/** A key's words, for values that nobody named: `half_life` to `Half life`. */
const keyToWords = (key: string): string =>
  toTitle(
    key
      .replaceAll("_", " ")
      .trim()
      .replace(/\bkl\b/g, "KL")
      .replace(/\bwasserstein\b/g, "Wasserstein"),
  );

const metricToDirection = ({ direction, directions }: Metric, value: string): Direction =>
  value === "std" ? "none" : (directions?.[value] ?? direction);

/**
 * What is known of a value; undefined for a value of one's own metric.
 * @param extractor the extractor's name for reading, where a caller knows more than the key says
 */
export function keyToValue(key: string, extractor?: string): ValueInfo | undefined {
  if (Object.hasOwn(OTHER_VALUES, key)) return { key, isMain: false, ...OTHER_VALUES[key as OtherValueKey] };
  for (const { id, value, isMain, pattern } of PATTERNS) {
    const found = pattern.exec(key);
    if (found === null) continue;
    const [, intra, family = ""] = found;
    const row = metrics[id];
    const own = row.names?.[value]?.replace("{Extractor}", extractor ?? familyToName(family));
    const name = own === undefined ? keyToWords(key) : toTitle(own);
    return {
      key,
      metric: id,
      isMain,
      name: KNOWN_NAMES[key] ?? (intra === undefined || own === undefined ? name : `Intra-class ${own}`),
      unit: row.unit,
      direction: metricToDirection(row, value),
      ...(isMain && "std" in row.keys && { spread: (intra ?? "") + valueToKey(row, "std", family) }),
    };
  }
  return undefined;
}

/** The value's name for reading; of a value that the registry does not know its own words. */
export const keyToName = (key: string, extractor?: string): string =>
  keyToValue(key, extractor)?.name ?? keyToWords(key);

/** Which way is better; `none` for spreads, and for values that the registry does not know. */
export const keyToDirection = (key: string): Direction => keyToValue(key)?.direction ?? "none";

/** The metric that a user named, by its id (`fid`) or by one of its values (`recall`); undefined for no metric's name. */
export const nameToMetricId = (name: string): MetricId | undefined =>
  metricIds.find((id) => id === name) ?? keyToValue(name)?.metric;

/** The value that a user named, among those of a result: by its own key, or by the metric whose main value it is. */
export function nameToKey(name: string, present: readonly string[]): string | undefined {
  if (present.includes(name)) return name;
  return present.find((key) => {
    const value = keyToValue(key);
    return value?.metric === name && value.isMain && !key.startsWith("intra_");
  });
}
