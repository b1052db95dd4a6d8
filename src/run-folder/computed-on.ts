/** On what processors a run was computed: `versions.isa` of `run.json`, all of them where it went on on another. */

/** `avx2, avx512`; none of a run of an earlier version. */
export const textToIsas = (text: string | undefined): string[] =>
  text === undefined || text === "" ? [] : text.split(", ");

/** The text for a run that goes on on `isa`; undefined where it has been there before, or does not say where it was. */
export function isasWith(text: string | undefined, isa: string): string | undefined {
  const known = textToIsas(text);
  return known.length === 0 || known.includes(isa) ? undefined : [...known, isa].join(", ");
}
