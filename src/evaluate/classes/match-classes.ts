/** Which classes of two sides are the same: sides number theirs each in its own way. */
import { GanEvalError, type Warning } from "../../errors.ts";
import { byBytes } from "../../formats/zip.ts";
import { namesToText } from "../../images/image-notices.ts";
import { LABEL_FLAGS, type LabelledRole, type SideLabels } from "./labels.ts";

export interface MatchedClasses {
  /** Classes that either side has: numbers by size, then names by bytes. */
  readonly names: readonly string[];
  /** The place in `names` of each of a side's labels. */
  readonly real: Int32Array;
  readonly fake: Int32Array;
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** Whether a side's classes are called by numbers alone. */
const isNumbered = ({ classNames }: SideLabels): boolean => classNames?.every(isNumber) ?? true;

/** `03` is `3`. */
const toSame = (name: string): string => (isNumber(name) ? name.replace(/^0+(?=\d)/, "") : name);

const byNumberThenBytes = (a: string, b: string): number => {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  return isNumber(a) === isNumber(b) ? byBytes(a, b) : isNumber(a) ? -1 : 1;
};

/** The name of each class that a side has images of, by its number there. */
function labelsToNames({ labels, classNames }: SideLabels): Map<number, string> {
  const names = new Map<number, string>();
  for (const label of labels)
    if (!names.has(label)) names.set(label, toSame(classNames?.[label] ?? String(label)));
  return names;
}

/** Numbers on one side and names on the other: a number is the place of a name. */
function numbersToPlaces(
  numbered: Map<number, string>,
  role: LabelledRole,
  places: readonly string[],
  warn: (warning: Warning) => void,
): Map<number, string> {
  const other = role === "real" ? "fake" : "real";
  const beyond = [...numbered.values()].find((number) => Number(number) >= places.length);
  if (beyond !== undefined)
    throw new GanEvalError(
      "input.class-names",
      `expected ${role} class numbers below ${places.length}, since the ${other} side has that many named classes (${namesToText(places)}), got ${beyond}`,
      { hint: `Use the same class names on both sides: ${LABEL_FLAGS[role]} FILE.` },
    );
  warn({
    code: "classes-by-place",
    message: `${role}: class numbers are taken as indices into the ${other} side's names: 0 is ${places[0]}, ${places.length - 1} is ${places.at(-1)}`,
    hint: `If that is wrong, name the classes: ${LABEL_FLAGS[role]} FILE.`,
  });
  return new Map([...numbered].map(([label, number]) => [label, toSame(places[Number(number)]!)]));
}

/**
 * Classes by name, so that a side that lacks one shifts no other; names that are numbers by their value. Where one side
 * has numbers and the other names, numbers are places among the names, and a warning says so.
 *
 * @throws GanEvalError `input.class-names` where the sides have no class in common or a number has no name
 */
export function matchClasses(
  real: SideLabels,
  fake: SideLabels,
  warn: (warning: Warning) => void,
): MatchedClasses {
  let ofReal = labelsToNames(real);
  let ofFake = labelsToNames(fake);
  if (isNumbered(real) && !isNumbered(fake)) ofReal = numbersToPlaces(ofReal, "real", fake.classNames!, warn);
  if (!isNumbered(real) && isNumbered(fake)) ofFake = numbersToPlaces(ofFake, "fake", real.classNames!, warn);
  const names = [...new Set([...ofReal.values(), ...ofFake.values()])].sort(byNumberThenBytes);
  const shared = new Set(ofReal.values());
  if (![...ofFake.values()].some((name) => shared.has(name))) {
    const inOrder = (side: Map<number, string>) => namesToText([...side.values()].sort(byNumberThenBytes));
    throw new GanEvalError(
      "input.class-names",
      `expected the same class names on both sides, got ${inOrder(ofReal)} (real) and ${inOrder(ofFake)} (fake)`,
      { hint: `Use the same names: ${LABEL_FLAGS.real} FILE, ${LABEL_FLAGS.fake} FILE.` },
    );
  }
  const index = new Map(names.map((name, i) => [name, i]));
  return {
    names,
    real: real.labels.map((label) => index.get(ofReal.get(label)!)!),
    fake: fake.labels.map((label) => index.get(ofFake.get(label)!)!),
  };
}

/** How many classes a side knows of, those without images included where their names say so. */
export const labelsToClassCount = (side: SideLabels): number =>
  isNumbered(side) ? 1 + Math.max(...[...labelsToNames(side).values()].map(Number)) : side.classNames!.length;
