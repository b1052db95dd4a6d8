/** What an option is: its kind, its default, and what help says of it. */
import type { OptionKind } from "./kinds.ts";

/** In the order in which help shows them. */
export const OPTION_GROUPS = [
  "Data",
  "Samples",
  "Model",
  "Constraints",
  "Particular models",
  "Several networks",
  "Training",
  "Recording",
  "Sweep",
  "Queue",
  "Measurement",
  "Metrics",
  "Gate",
  "Computation",
  "Cache",
  "Output",
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/**
 * One option. Its flag, its place in the config file (the key of the table), its help line, its row in docs/options.md
 * and its type all come from here.
 */
export interface OptionRow<T> {
  readonly group: OptionGroup;
  readonly kind: OptionKind<T>;
  /** Placeholder of the value in help; none for switches. */
  readonly value?: string;
  readonly short?: string;
  /** The flag, where it is not the name in kebab case. */
  readonly flag?: string;
  /** Other spellings that are taken: those of the scripts that people come from. */
  readonly aliases?: readonly string[];
  /** The name that it had before: still taken in config files, and what sweeps call their folders and columns by. */
  readonly formerly?: string;
  /** Decided when a run begins: a run that is resumed cannot take it. Every other option of a run can be changed. */
  readonly fixed?: true;
  /** A list whose flag may be given several times; with `words`, several words may follow one flag too. */
  readonly repeats?: true | "words";
  readonly default: NoInfer<T>;
  /** Said instead of the default where that is not a value: "one per core". */
  readonly defaultText?: string;
  readonly env?: string;
  readonly summary: string;
}

/** The default of what a model brings along; help says it once for a group. */
export const MODELS_OWN = "the model's";

/** Lets the compiler take `T` from the kind and hold the default to it. */
export const option = <T>(row: OptionRow<T>): OptionRow<T> => row;

/** `batchSize` to `batch-size`. */
export const nameToKebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `batch-size`, `batch_size` or `batchSize` to `batchSize`. */
export const flagToName = (text: string): string =>
  text.replace(/[-_]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
