/** Suggests the word that was probably meant. */

/** A third of the letters may differ. */
const CLOSE = 1 / 3;

/** The candidate nearest to a misspelt word, if one is near: for "did you mean". */
export function wordToSuggestion(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best !== undefined && least <= Math.max(1, CLOSE * Math.max(word.length, best.length))
    ? best
    : undefined;
}

/** Insertions, deletions and replacements, and exchanges of neighbours, from one word to the other. */
function editDistance(from: string, to: string): number {
  // A word as long as that is no misspelling, and the table is quadratic.
  if (from.length > 64 || to.length > 64) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      let distance = Math.min(replaced, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        distance = Math.min(distance, rows[i - 2]![j - 2]! + 1);
      }
      row.push(distance);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
