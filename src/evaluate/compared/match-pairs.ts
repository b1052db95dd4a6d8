/** Which real image each generated one is compared with. */
import { GanEvalError } from "../../errors.ts";
import { namesToText } from "../../images/image-notices.ts";
import type { ImageSource } from "../../images/source.ts";

/** Sources whose images have names of their own; the images of others are the first, the second, ... */
const NAMED: readonly ImageSource["kind"][] = ["folder", "zip"];

const isNamed = ({ kind, nameOf }: ImageSource): boolean => nameOf !== undefined && NAMED.includes(kind);

/** `a/b.png` to `a/b`. */
export const withoutExtension = (name: string): string => name.replace(/\.[^./]+$/, "");

const namesOf = (source: ImageSource): string[] =>
  Array.from({ length: source.count }, (_, position) => source.nameOf!(position));

/** Positions by name. @throws GanEvalError `input.pairs` for two images of one name */
function namesToPositions(names: readonly string[], location: string): Map<string, number> {
  const positions = new Map<string, number>();
  for (const [position, name] of names.entries()) {
    const key = withoutExtension(name);
    const known = positions.get(key);
    if (known !== undefined)
      throw new GanEvalError(
        "input.pairs",
        `expected one image of each name in ${location}, got ${names[known]} and ${name}`,
        { hint: "Extensions do not count when pairs are matched: remove or rename one of the two." },
      );
    positions.set(key, position);
  }
  return positions;
}

const unmatched = (names: readonly string[], others: ReadonlyMap<string, number>): string[] =>
  names.filter((name) => !others.has(withoutExtension(name)));

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
    real: namesToPositions(names.real, real.location),
    fake: namesToPositions(names.fake, fake.location),
  };
  const lonely = {
    real: unmatched(names.real, positions.fake),
    fake: unmatched(names.fake, positions.real),
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
  return Int32Array.from(names.fake, (name) => positions.real.get(withoutExtension(name))!);
}
