/** Short names for the rows of a comparison. */

/**
 * Names for locations, all unlike: the last part of the path, and as many parts before it as that takes.
 * A location that is there twice keeps one name.
 */
export function locationsToNames(locations: readonly string[]): string[] {
  const parts = locations.map((location) =>
    location.split(/[\\/]+/).filter((part) => part !== "" && part !== "."),
  );
  const distinct = new Set(parts.map((of) => of.join("/"))).size;
  const deepest = Math.max(1, ...parts.map(({ length }) => length));
  for (let depth = 1; depth <= deepest; depth++) {
    const names = parts.map((of) => of.slice(-depth).join("/"));
    if (new Set(names).size === distinct) return names;
  }
  return [...locations];
}
