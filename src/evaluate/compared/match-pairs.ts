/** Which real image each generated one is compared with. */
import { GanEvalError } from "../../errors.ts";
import { namesToText } from "../../images/image-notices.ts";
import { namesToPositions, nameToStem, unmatchedNames } from "../../images/image-partners.ts";
import type { ImageSource } from "../../images/source.ts";

/** Sources whose images have names of their own; the images of others are the first, the second, ... */
const NAMED: readonly ImageSource["kind"][] = ["folder", "zip"];

const isNamed = ({ kind, nameOf }: ImageSource): boolean => nameOf !== undefined && NAMED.includes(kind);

const namesOf = (source: ImageSource): string[] =>
  Array.from({ length: source.count }, (_, position) => source.nameOf!(position));

/** @throws GanEvalError `input.pairs` for two images of one name */
const sideToPositions = (names: readonly string[], { location }: ImageSource): ReadonlyMap<string, number> =>
  namesToPositions(names, (first, second) => {
    throw new GanEvalError(
      "input.pairs",
      `expected one image of each name in ${location}, got ${first} and ${second}`,
      { hint: "Extensions do not count when pairs are matched: remove or rename one of the two." },
    );
  });

/**
 * [fake images] The position of each one's partner. Images of folders and zip archives are partners by their paths
 * without extensions; where a side has no names (arrays, lists, generators), by position: then undefined.
 * @throws GanEvalError `input.pairs` where an image of either side has no partner, or two have one name
 */
export function sourcesToPartners(real: ImageSource, fake: ImageSource): Int32Array | undefined {
  if (!isNamed(real) || !isNamed(fake)) {
    if (real.count === fake.count) return undefined;
    throw new GanEvalError(
      "input.pairs",
      `expected as many generated images as real ones, which are paired in their order, got ${fake.count} in ${fake.location} and ${real.count} in ${real.location}`,
      { hint: "Folders and zip archives are paired by name; other sources by position." },
    );
  }
  const names = { real: namesOf(real), fake: namesOf(fake) };
  const positions = {
    real: sideToPositions(names.real, real),
    fake: sideToPositions(names.fake, fake),
  };
  const lonely = {
    real: unmatchedNames(names.real, positions.fake),
    fake: unmatchedNames(names.fake, positions.real),
  };
  const told = (["real", "fake"] as const)
    .filter((role) => lonely[role].length > 0)
    .map(
      (role) =>
        `${lonely[role].length} of ${names[role].length} ${role} ones without a partner (${namesToText(lonely[role])})`,
    );
  if (told.length > 0)
    throw new GanEvalError(
      "input.pairs",
      `expected every image on both sides under the same name, got ${told.join(" and ")}`,
      { hint: "Paths below --real and --fake must be the same, but for the extensions." },
    );
  return Int32Array.from(names.fake, (name) => positions.real.get(nameToStem(name))!);
}
