/** Classes that a conditional generator is told to make: by name, or by number. */
import { GanEvalError } from "../errors.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { drawLabels } from "../train/labels.ts";
import { openRandomStream } from "../train/random.ts";

/** Every class in turn, or these in turn: names, or numbers. */
export type ClassChoice = "balanced" | readonly (number | string)[];

/** The classes that a generator is told; undefined names where only their number is known. */
export interface GeneratorClasses {
  readonly classes?: number;
  readonly classNames?: readonly string[];
}

/** More names would be no help. */
const MOST_LISTED = 20;

/** Labels are whole numbers of 32 bits; folders may pad them: `03`. */
const isLabel = (name: string): boolean => /^\d{1,9}$/.test(name);

/** Whether the data's own class numbers are what the classes are called. */
const areNumbers = (names: readonly string[]): boolean =>
  names.every(isLabel) && new Set(names.map(Number)).size === names.length;

/** The number that data and their images have for a class: its name where names are numbers, else its place. */
export const placeToLabel = (place: number, names: readonly string[] | undefined): number =>
  names && areNumbers(names) ? Number(names[place]) : place;

/** What people call a class. */
export const placeToName = (place: number, names: readonly string[] | undefined): string =>
  names?.[place] ?? String(place);

const namesToList = (names: readonly string[]): string =>
  names.length > MOST_LISTED
    ? `${names.slice(0, MOST_LISTED).join(", ")} and ${names.length - MOST_LISTED} more`
    : names.join(", ");

function unknownClass(word: number | string | undefined, classes: number, names?: readonly string[]) {
  const suggestion = names && word !== undefined ? wordToSuggestion(String(word), names) : undefined;
  return new GanEvalError(
    "usage.classes",
    `expected classes ${names ? `of ${namesToList(names)}` : `from 0 to ${classes - 1}`}, got ${word ?? "none"}`,
    suggestion === undefined ? {} : { hint: `Did you mean ${suggestion}?` },
  );
}

/** The place of a class: by its name; by its number where names are no numbers themselves. */
function wordToPlace(word: number | string, classes: number, names: readonly string[] | undefined): number {
  const named = names?.indexOf(String(word)) ?? -1;
  if (named >= 0) return named;
  const number = isLabel(String(word)) ? Number(word) : Number.NaN;
  const place = names && areNumbers(names) ? names.map(Number).indexOf(number) : number;
  if (place >= 0 && place < classes) return place;
  throw unknownClass(word, classes, names);
}

/**
 * The place of one class for each of n samples; drawn, each as likely as any other, without a choice. Undefined for a
 * generator that reads no labels.
 * @throws GanEvalError `usage.classes` for a choice that this generator does not have
 */
export function chooseClasses(
  choice: ClassChoice | undefined,
  n: number,
  { classes, classNames }: GeneratorClasses,
  seed: number,
): Int32Array | undefined {
  if (classes === undefined) {
    if (choice === undefined) return undefined;
    throw new GanEvalError(
      "usage.classes",
      "expected a conditional generator to choose classes of, got one that reads no labels",
      { hint: "Leave --classes out, or train with --conditional." },
    );
  }
  if (choice === undefined) return drawLabels(n, classes, openRandomStream(seed, "labels"));
  const turn =
    choice === "balanced"
      ? Array.from({ length: classes }, (_, i) => i)
      : choice.map((word) => wordToPlace(word, classes, classNames));
  if (turn.length === 0) throw unknownClass(undefined, classes, classNames);
  return Int32Array.from({ length: n }, (_, i) => turn[i % turn.length]);
}
