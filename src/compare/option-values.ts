/** Options of many runs: as cells, which of them vary, and how they are named. */
import type { OptionValue } from "./comparison.ts";

export type Options = Readonly<Record<string, OptionValue>>;

const isNamed = (value: unknown): value is { name: string; weight?: number } =>
  typeof value === "object" && value !== null && typeof (value as { name?: unknown }).name === "string";

/** `generator 0.001, discriminator 0.002` */
const objectToText = (value: object): string =>
  Object.entries(value)
    .map(([name, own]) => `${name} ${toOptionValue(own) ?? "none"}`)
    .join(", ");

/** `interpolated:10+r1`, `none`; objects as their fields. */
export function toOptionValue(value: unknown): OptionValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  if (!Array.isArray(value)) return objectToText(value as object);
  if (value.length === 0) return "none";
  return value
    .map((item) =>
      isNamed(item)
        ? item.weight === undefined
          ? item.name
          : `${item.name}:${item.weight}`
        : String(toOptionValue(item)),
    )
    .join("+");
}

/** `1e-4` of small numbers, which are rates as a rule; `unset`. */
export const optionValueToText = (value: OptionValue): string =>
  typeof value === "number" && value !== 0 && Math.abs(value) <= 0.01
    ? value.toExponential()
    : value === null
      ? "unset"
      : String(value);

/** In this order; others behind, by name. */
const FIRST = ["model", "loss", "net", "lr", "lrGenerator", "lrDiscriminator"];

const toPlace = (name: string): number => {
  const place = FIRST.indexOf(name);
  return place < 0 ? FIRST.length : place;
};

/** Learning rates are told even where each model has its own. */
const isRate = (name: string): boolean => name.startsWith("lr");

export interface OptionSplit {
  readonly varying: readonly string[];
  readonly fixed: Options;
}

/**
 * Options that are not the same everywhere. Those that every model decides for itself (its loss, its penalty) say nothing
 * beside the model's name, and are neither among them nor among the fixed ones.
 */
export function splitOptions(all: readonly Options[]): OptionSplit {
  const names = [...new Set(all.flatMap((options) => Object.keys(options)))].sort(
    (a, b) => toPlace(a) - toPlace(b) || (a < b ? -1 : 1),
  );
  const cellOf = (options: Options, name: string): OptionValue => options[name] ?? null;
  const varies = (name: string): boolean =>
    all.some((options) => cellOf(options, name) !== cellOf(all[0], name));
  const followsFromModel = (name: string): boolean => {
    const byModel = new Map<OptionValue, OptionValue>();
    return all.every((options) => {
      const model = cellOf(options, "model");
      if (!byModel.has(model)) byModel.set(model, cellOf(options, name));
      return byModel.get(model) === cellOf(options, name);
    });
  };
  const varying: string[] = [];
  const fixed: Record<string, OptionValue> = {};
  for (const name of names) {
    if (!varies(name)) fixed[name] = cellOf(all[0], name);
    else if (name === "model" || isRate(name) || !followsFromModel(name)) varying.push(name);
  }
  return { varying, fixed };
}

export const pickOptions = (options: Options, names: readonly string[]): Options =>
  Object.fromEntries(names.map((name) => [name, options[name] ?? null]));

/** `gan, lr 1e-4, b1 0.5`; empty where there is nothing to say. */
export const optionsToName = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => (name === "model" ? String(value) : `${name} ${optionValueToText(value)}`))
    .join(", ");
