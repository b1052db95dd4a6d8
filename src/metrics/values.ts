/** The one registry of the values that results and runs hold: whose they are, their names, units and better end. */
import { type ExtractorFamily, extractorToFamily } from "./extractor-family.ts";
import type { Direction } from "./metric.ts";
import { type MetricId, metricIds, metrics } from "./table.ts";

/** One value, as results and the scores of runs name it. */
export interface ValueRow {
  /** The name in a result; `{extractor}` stands for the extractor's family. */
  readonly key: string;
  /** The metric of the table that it belongs to; of class and toy values none. */
  readonly metric?: MetricId;
  /** Whether it is the value that its metric is known for. */
  readonly isMain: boolean;
  /** Whether it is the mean of one distance a class. */
  readonly isIntra: boolean;
  /** Of a value that no metric of the table has: what gives it. */
  readonly of?: "classes" | "training";
  /** The name for reading; `{Extractor}` stands for the family's. */
  readonly name: string;
  readonly unit: string;
  readonly direction: Direction;
  /** The value whose standard deviation over splits or subsets it is, and the other way round. */
  readonly spreadOf?: string;
  readonly spread?: string;
}

type ExtraRow = Pick<ValueRow, "name" | "unit" | "direction"> & {
  /** Whether an evaluation by class gives it, or the evaluations of a training alone. */
  readonly of: "classes" | "training";
};

/** Values that no metric of the table has: shares of classes, and the scores of toys and of classes while training. */
const EXTRA = {
  class_kl: { of: "classes", name: "KL of class shares", unit: "nats", direction: "lower" },
  class_total_variation: {
    of: "classes",
    name: "Total variation of class shares",
    unit: "share",
    direction: "lower",
  },
  sliced_wasserstein: {
    of: "training",
    name: "Sliced Wasserstein",
    unit: "units of the data",
    direction: "lower",
  },
  modes: { of: "training", name: "Modes", unit: "modes", direction: "higher" },
  high_quality: { of: "training", name: "High quality", unit: "share of samples", direction: "higher" },
  reverse_kl: { of: "training", name: "Reverse KL", unit: "nats", direction: "lower" },
  classes: { of: "training", name: "Classes", unit: "classes", direction: "higher" },
  classes_kl: { of: "training", name: "Classes KL", unit: "nats", direction: "lower" },
} as const satisfies Readonly<Record<string, ExtraRow>>;

export type ExtraKey = keyof typeof EXTRA;

/** Names that only Inception's values have; other networks get names that nobody takes for these. */
const INCEPTION_NAMES: Readonly<Record<string, string>> = {
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

const STD = "std";

/** The rows of a metric's values, and of the mean of its main one over classes. */
function idToRows(id: MetricId): ValueRow[] {
  const { keys, names, unit, units, direction, directions } = metrics[id];
  const values = Object.keys(keys);
  const main = values[0]!;
  const rows = values.map((value): ValueRow => {
    const isSpread = value === STD;
    return {
      key: keys[value]!,
      metric: id,
      isMain: value === main,
      isIntra: false,
      name: isSpread ? `${names[main]}, standard deviation` : names[value]!,
      unit: units?.[value] ?? unit,
      direction: isSpread ? "none" : (directions?.[value] ?? direction),
      ...(isSpread && { spreadOf: keys[main]! }),
      ...(value === main && STD in keys && { spread: keys[STD]! }),
    };
  });
  const { key, name, unit: ofMain, direction: better } = rows[0]!;
  const intra = { key: `intra_${key}`, name: `Intra-class ${name}`, unit: ofMain, direction: better };
  return [...rows, { ...intra, metric: id, isMain: false, isIntra: true }];
}

const metricRows = metricIds.flatMap(idToRows);

/** Every value there is; the first that matches a name is its row: `intra_` is not the beginning of a family's name. */
export const valueRows: readonly ValueRow[] = [
  ...Object.entries(EXTRA).map(([key, row]): ValueRow => ({ key, ...row, isMain: false, isIntra: false })),
  ...metricRows.filter(({ isIntra }) => isIntra),
  ...metricRows.filter(({ isIntra }) => !isIntra),
];

/** Letters of a key that no family brings. */
const ownLetters = ({ key }: ValueRow): number => key.replace("{extractor}", "").length;

/** Where two patterns fit, the one with more letters of its own: `vendi_mode_score` is the Vendi score by a network "mode". */
const PATTERNS = [...valueRows]
  .sort((a, b) => ownLetters(b) - ownLetters(a))
  .map((row) => ({ row, pattern: new RegExp(`^${row.key.replace("{extractor}", "([a-z0-9_]+?)")}$`) }));

/** A value's row, and the extractor's family as its name has it. */
interface Found {
  readonly row: ValueRow;
  readonly family: string | undefined;
}

/** @param of the extractor's family where a result says it, so that it is not guessed from the key */
function find(key: string, of?: ExtractorFamily): Found | undefined {
  const own = of && valueRows.find((row) => withFamily(row.key, of.key) === key);
  if (own) return { row: own, family: of.key };
  for (const { row, pattern } of PATTERNS) {
    const match = pattern.exec(key);
    if (match) return { row, family: match[1] };
  }
  return undefined;
}

const withFamily = (template: string, family = ""): string => template.replace("{extractor}", family);

/** The row of a value by its name in a result; undefined where it is none of ours. */
export const keyToRow = (key: string): ValueRow | undefined => find(key)?.row;

/** Whether a value is measured class by class. */
export const isByClass = ({ isIntra, of }: ValueRow): boolean => isIntra || of === "classes";

/** Which way is better; `none` for spreads, where neither end is, and for values that are none of ours. */
export const keyToDirection = (key: string): Direction => keyToRow(key)?.direction ?? "none";

const keyToFamilyName = (family: string): string => extractorToFamily(family.replaceAll("_", "-")).name;

/**
 * The name for reading: `FID`, `Frechet digits distance`; of a value that is none of ours its key.
 * @param of the extractor's family where a result says it, spelt as its owner spells it: `Frechet My-Net distance`
 */
export function keyToName(key: string, of?: ExtractorFamily): string {
  const found = find(key, of);
  if (found === undefined) return key;
  const { row, family = "" } = found;
  if (row.spreadOf !== undefined)
    return `${keyToName(withFamily(row.spreadOf, family), of)}, standard deviation`;
  const toFamilyName = () => (of?.key === family ? of.name : keyToFamilyName(family));
  const name = INCEPTION_NAMES[key] ?? row.name.replace("{Extractor}", toFamilyName);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The key of the standard deviation of a value that has one: `digits_score_std` of `digits_score_mean`. */
export function keyToSpread(key: string): string | undefined {
  const found = find(key);
  return found?.row.spread && withFamily(found.row.spread, found.family);
}

/** The key of the value that this one is the standard deviation of. */
export function spreadToKey(key: string): string | undefined {
  const found = find(key);
  return found?.row.spreadOf && withFamily(found.row.spreadOf, found.family);
}

/** The metric that a user named, by its id (`fid`) or by one of its values (`recall`); undefined for no metric's name. */
export const nameToMetricId = (name: string): MetricId | undefined =>
  metricIds.find((id) => id === name) ?? keyToRow(name)?.metric;

/** The value that a user named, among those of a result: by its own name, or by the metric whose main value it is. */
export function nameToKey(name: string, present: readonly string[]): string | undefined {
  if (present.includes(name)) return name;
  return present.find((key) => {
    const row = keyToRow(key);
    return row?.metric === name && row.isMain;
  });
}
