/** Which files of two folders belong together: those of one name, whatever their extension. */
import { GanEvalError } from "../../../errors.ts";
import { namesToPositions, unmatchedNames } from "../../../images/image-partners.ts";

const SHOWN = 3;

interface NamedImages {
  readonly names: readonly string[];
  readonly where: string;
}

const imagesToPositions = ({ names, where }: NamedImages): ReadonlyMap<string, number> =>
  namesToPositions(names, (first, second) => {
    throw new GanEvalError(
      "input.unmatched-pairs",
      `expected one image of each name in ${where}, got ${first} and ${second}`,
      { hint: "Images are paired by their names without extension. Remove or rename one of the two." },
    );
  });

const missingToText = (names: readonly string[], where: string): string | undefined =>
  names.length === 0
    ? undefined
    : `${names.length} only in ${where}: ${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", ..." : ""}`;

/**
 * Pairs the images of two folders by name without extension, in the order of the first.
 * @returns for each pair the positions of its images
 * @throws GanEvalError `input.unmatched-pairs` where an image has no partner, or two have the same name
 */
export function namesToPairs(a: NamedImages, b: NamedImages): readonly (readonly [a: number, b: number])[] {
  const inA = imagesToPositions(a);
  const inB = imagesToPositions(b);
  const onlyA = unmatchedNames(a.names, inB);
  const onlyB = unmatchedNames(b.names, inA);
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
