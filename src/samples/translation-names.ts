/** Under which names translated images are written. */
import { GanEvalError } from "../errors.ts";
import { nameToStem } from "../images/image-partners.ts";

/** Images without names are counted, with so many digits. */
const DIGITS = 8;

/** The name inside the output folder, without extension: no part of it leads out. */
function nameToInside(name: string | undefined, position: number): string {
  if (name === undefined || name.startsWith("#")) return String(position).padStart(DIGITS, "0");
  const parts = name
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== "." && !/^[A-Za-z]:$/.test(part));
  const isOutside = /^([/\\]|[A-Za-z]:)/.test(name) || parts.includes("..");
  const inside = isOutside ? parts.slice(-1) : parts;
  return nameToStem(inside.join("/")) || String(position).padStart(DIGITS, "0");
}

/**
 * The names of the files of each image: `holiday/1.jpg` becomes `holiday/1.png`, or with variants `holiday/1_1.png`, ...
 * Images of lists from elsewhere keep the last part of their names.
 * @throws GanEvalError `input.same-names` where two images would be written to one file
 */
export function namesToFiles(names: readonly (string | undefined)[], variants: number): string[][] {
  const taken = new Map<string, string>();
  return names.map((name, position) => {
    const stem = nameToInside(name, position);
    return Array.from({ length: variants }, (_, i) => {
      const file = `${stem}${variants > 1 ? `_${i + 1}` : ""}.png`;
      // File systems that ignore case would write both to one file.
      const key = file.normalize("NFC").toLowerCase();
      const other = taken.get(key);
      if (other !== undefined)
        throw new GanEvalError(
          "input.same-names",
          `expected images of different names, got ${other} and ${name}, which would both become ${file}`,
          { hint: "Rename one of them, or translate them in two runs of the command." },
        );
      taken.set(key, name ?? file);
      return file;
    });
  });
}
