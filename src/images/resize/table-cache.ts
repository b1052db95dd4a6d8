/** Keeps the tables that resizes need, by size. */

/** How many sizes keep their tables; sets of mixed sizes pass through without growing. */
const KEPT = 64;

/** Remembers what `make` gave for the latest pairs of sizes. */
export function latestTables<T>(make: (inSize: number, outSize: number) => T): typeof make {
  const tables = new Map<string, T>();
  return (inSize, outSize) => {
    const key = `${inSize} ${outSize}`;
    const found = tables.get(key);
    if (found !== undefined) return found;
    const made = make(inSize, outSize);
    if (tables.size >= KEPT) tables.delete(tables.keys().next().value!);
    tables.set(key, made);
    return made;
  };
}
