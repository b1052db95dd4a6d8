/** Which images of two sets belong together: those of one name, whatever their extension. */

/** `a/b.png` to `a/b`. */
export const withoutExtension = (name: string): string => name.replace(/\.[^./]+$/, "");

/** What partners have in common: the name without extension, in one form of Unicode. */
export const nameToStem = (name: string): string => withoutExtension(name).normalize("NFC");

/** Positions by stem. @param onTwice throws for two images of one stem */
export function namesToPositions(
  names: readonly string[],
  onTwice: (first: string, second: string) => never,
): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [position, name] of names.entries()) {
    const stem = nameToStem(name);
    const known = positions.get(stem);
    if (known !== undefined) onTwice(names[known], name);
    positions.set(stem, position);
  }
  return positions;
}

/** The names without a partner among the others. */
export const unmatchedNames = (
  names: readonly string[],
  others: ReadonlyMap<string, number>,
): readonly string[] => names.filter((name) => !others.has(nameToStem(name)));
