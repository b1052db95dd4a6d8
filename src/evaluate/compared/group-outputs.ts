/** Which images of a side are outputs of one input, by their names. */
import { GanEvalError } from "../../errors.ts";
import { withoutExtension } from "../../images/image-partners.ts";
import type { ImageSource } from "../../images/source.ts";

/** The outputs of one input. */
export interface OutputGroup {
  readonly input: string;
  /** At least two. */
  readonly positions: readonly number[];
}

/** Their images are in memory together, and all pairs of them are compared. */
const MOST_OUTPUTS = 256;

const wrong = (location: string, got: string): GanEvalError =>
  new GanEvalError(
    "input.groups",
    `expected the outputs of each input as NAME_1.png, NAME_2.png, ... or in a folder of its own in ${location}, got ${got}`,
    { hint: "Every input needs 2 to 256 outputs." },
  );

/** `shoe_3.png` to `shoe`; undefined for a name without a number. */
const numberedToInput = (name: string): string | undefined => /^(.+)_\d+$/.exec(withoutExtension(name))?.[1];

/** `shoe/3.png` to `shoe`; undefined for a name without a folder. */
const folderToInput = (name: string): string | undefined => /^(.+)\/[^/]*$/.exec(name)?.[1];

/** Both ways to name outputs; the first that fits every name is taken. */
const READINGS = [numberedToInput, folderToInput] as const;

/**
 * Images of one input, in the order of the first of each: `NAME_1.png, NAME_2.png` where every name ends in a number,
 * else the images of one folder.
 * @throws GanEvalError `input.groups` for other names, and for inputs with fewer than 2 outputs or more than 256
 */
export function sourceToGroups(source: ImageSource): OutputGroup[] {
  const { location, count } = source;
  if (source.nameOf === undefined) throw wrong(location, "images without names");
  const names = Array.from({ length: count }, (_, position) => source.nameOf!(position));
  const reading = READINGS.find((read) => names.every((name) => read(name) !== undefined));
  if (reading === undefined)
    throw wrong(
      location,
      names.find((name) => READINGS.every((read) => !read(name))) ?? "names of both kinds",
    );
  const groups = new Map<string, number[]>();
  for (const [position, name] of names.entries()) {
    const input = reading(name)!;
    const positions = groups.get(input);
    if (positions) positions.push(position);
    else groups.set(input, [position]);
  }
  for (const [input, { length }] of groups)
    if (length < 2 || length > MOST_OUTPUTS)
      throw wrong(location, `${length} ${length === 1 ? "output" : "outputs"} of ${input}`);
  return [...groups].map(([input, positions]) => ({ input, positions }));
}
