/** Two sets of images, a and b, and ways between them: what models of both have in common. */
import type { Maker, Pass, PreviewColumn } from "../scheme/scheme.ts";

export type Side = "a" | "b";
export const BOTH: readonly Side[] = ["a", "b"];
export const other = (side: Side): Side => (side === "a" ? "b" : "a");

/** `a-to-b`: the maker, and where a network does nothing else, the network. */
export const translationName = (from: Side): string => `${from}-to-${other(from)}`;

/** A network's passes at one place on both sides: `fake-a`, `fake-b`. In steps of all players, or of `users`. */
export const bothPasses = (
  place: string,
  network: (side: Side) => string,
  users?: readonly string[],
): [string, Pass][] =>
  BOTH.map((side) => [`${place}-${side}`, { network: network(side), ...(users && { for: users }) }]);

/** Makes images of the other side; `made` tells what its images are. */
export const translationMaker = (from: Side, made: Pick<Maker, "make"> & Partial<Maker>): Maker => ({
  name: translationName(from),
  label: `${from.toUpperCase()} to ${other(from).toUpperCase()}`,
  inputs: [from],
  target: other(from),
  ...made,
});

/** Each side beside its translation. */
export const TRANSLATIONS_PREVIEW: readonly PreviewColumn[] = BOTH.flatMap((side) => [
  { label: side.toUpperCase(), field: side },
  { label: `fake ${other(side).toUpperCase()}`, maker: translationName(side) },
]);

/** Columns of translations of A that differ in what is drawn: `fake B, style 1`. */
export const variantColumns = (what: string, count: number): PreviewColumn[] =>
  Array.from({ length: count }, (_, variant) => ({
    label: `fake B, ${what} ${variant + 1}`,
    maker: translationName("a"),
    variant,
  }));
