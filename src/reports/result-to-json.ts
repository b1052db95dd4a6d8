/** A result as JSON. */

/** Indented JSON with a final newline. A result is plain data; `NaN` and infinities, which JSON lacks, become strings. */
export function resultToJson(result: unknown): string {
  return `${JSON.stringify(result, nonFiniteToString, 2)}\n`;
}

const nonFiniteToString = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
