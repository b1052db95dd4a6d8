/** Which files of two folders belong together: those of one name, whatever their extension. */
import { GanEvalError } from "../../../errors.ts";

const SHOWN = 3;

export const nameToStem = (name: string): string => name.replace(/\.[^./]+$/, "").normalize("NFC");

/** Positions by name without extension. */
function namesToPositions(names: readonly string[], where: string): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [position, name] of names.entries()) {
    const stem = nameToStem(name);
    const other = positions.get(stem);
    if (other !== undefined)
      throw new GanEvalError(
        "input.unmatched-pairs",
        `expected one image of each name in ${where}, got ${names[other]} and ${name}`,
        { hint: "Images are paired by their names without extension. Remove or rename one of the two." },
      );
    positions.set(stem, position);
  }
  return positions;
}

const missingToText = (names: readonly string[], where: string): string | undefined =>
  names.length === 0
    ? undefined
    : `${names.length} only in ${where}: ${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", ..." : ""}`;

/**
 * Pairs the images of two folders by name without extension, in the order of the first.
 * @returns for each pair the positions of its images
 * @throws GanEvalError `input.unmatched-pairs` where an image has no partner, or two have the same name
 */
export function namesToPairs(
  a: { readonly names: readonly string[]; readonly where: string },
  b: { readonly names: readonly string[]; readonly where: string },
): readonly (readonly [a: number, b: number])[] {
  const inA = namesToPositions(a.names, a.where);
  const inB = namesToPositions(b.names, b.where);
  const onlyA = a.names.filter((name) => !inB.has(nameToStem(name)));
  const onlyB = b.names.filter((name) => !inA.has(nameToStem(name)));
  const missing = [missingToText(onlyA, a.where), missingToText(onlyB, b.where)].filter(
    (text) => text !== undefined,
  );
  if (missing.length > 0)
    throw new GanEvalError(
      "input.unmatched-pairs",
      `expected images of the same names in ${a.where} (${a.names.length}) and ${b.where} (${b.names.length}), got ${missing.join("; ")}`,
      {
        hint: "Give both images of a pair the same name without extension, or remove those without a partner.",
      },
    );
  return [...inA].map(([stem, position]) => [position, inB.get(stem)!] as const);
}
