/** Attributes of images from a file: CelebA's list, or CSV. */
import { GanEvalError } from "../../../errors.ts";
import { readText } from "../../../formats/text.ts";
import { nameToStem } from "../../../images/image-partners.ts";
import { wordToSuggestion } from "../../../suggestion.ts";

export interface AttributeTable {
  readonly names: readonly string[];
  /** For each file of the table its values, 0 or 1, in the order of the names. */
  readonly rows: ReadonlyMap<string, Uint8Array>;
}

const SHOWN = 3;

/** What a value may be written as. CelebA has -1 for no. */
const VALUES: Readonly<Record<string, 0 | 1>> = {
  ...{ "1": 1, true: 1, yes: 1, "1.0": 1 },
  ...{ "0": 0, "-1": 0, false: 0, no: 0, "0.0": 0, "-1.0": 0 },
};

const badFile = (where: string, expected: string, got: string): GanEvalError =>
  new GanEvalError("input.attributes", `expected ${expected} in ${where}, got ${got}`, {
    hint: "Attributes are CelebA's list_attr_celeba.txt, or a CSV file: a header, then a line for each image, its name first.",
  });

/** Names and lines of cells; CelebA's list begins with the number of images. */
function textToCells(
  text: string,
  where: string,
): { names: string[]; lines: [number: number, cells: string[]][] } {
  const lines = text
    .split(/\r?\n/)
    .map((line, i): [number, string] => [i + 1, line.trim()])
    .filter(([, line]) => line !== "");
  if (lines.length === 0) throw badFile(where, "attributes", "an empty file");
  const isCelebA = /^\d+$/.test(lines[0][1]);
  const [header, ...rest] = isCelebA ? lines.slice(1) : lines;
  const separator = isCelebA ? /\s+/ : /\s*[,;\t]\s*/;
  const unquote = (cell: string): string => cell.replace(/^"(.*)"$/, "$1");
  const toCells = (line: string): string[] => line.split(separator).map(unquote);
  const names = header === undefined ? [] : toCells(header[1]);
  // The first column of a CSV file has a name too: it is that of the images.
  const attributes = isCelebA ? names : names.slice(1);
  if (attributes.length === 0) throw badFile(where, "names of attributes", `"${header?.[1] ?? lines[0][1]}"`);
  const repeated = attributes.find((name, i) => attributes.indexOf(name) !== i);
  if (repeated !== undefined) throw badFile(where, "attributes of different names", `${repeated} twice`);
  return { names: attributes, lines: rest.map(([at, line]) => [at, toCells(line)]) };
}

/**
 * Reads a table of attributes: CelebA's list (count; names; file and values), or CSV (header; file and values). Values
 * are 1 or -1, 1 or 0, true or false, yes or no.
 * @throws GanEvalError `input.attributes` for a line that is none
 */
export function textToAttributes(text: string, where: string): AttributeTable {
  const { names, lines } = textToCells(text, where);
  const rows = new Map<string, Uint8Array>();
  for (const [at, [file, ...cells]] of lines) {
    if (cells.length !== names.length)
      throw badFile(where, `${names.length} values of ${file} in line ${at}`, `${cells.length}`);
    const bad = cells.findIndex((cell) => !Object.hasOwn(VALUES, cell.toLowerCase()));
    if (bad >= 0) throw badFile(where, `1, -1 or 0 for ${names[bad]} in line ${at}`, `"${cells[bad]}"`);
    rows.set(
      file,
      Uint8Array.from(cells, (cell) => VALUES[cell.toLowerCase()]),
    );
  }
  if (rows.size === 0) throw badFile(where, "a line for each image", "none");
  return { names, rows };
}

/** Where the attributes chosen stand in the table. */
function namesToColumns({ names }: AttributeTable, selected: readonly string[], where: string): number[] {
  const missing = selected.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const suggestion = wordToSuggestion(missing[0], names);
    throw new GanEvalError(
      "usage.selected",
      `expected attributes of ${where} (${names.join(", ")}), got ${missing.join(", ")}`,
      {
        hint: suggestion
          ? `Did you mean ${suggestion}?`
          : "Choose with --selected among the attributes of the file.",
      },
    );
  }
  return selected.map((name) => names.indexOf(name));
}

/**
 * Attributes of images by name. A line belongs to an image of the same path, else of the same file name, else of the same
 * name without extension.
 *
 * @returns `[images, attributes]` of 0 and 1
 * @throws GanEvalError `usage.selected` for attributes that the table has not, `input.unmatched-attributes` for images
 *   without a line
 */
export function attributesOf(
  images: readonly string[],
  table: AttributeTable,
  selected: readonly string[],
  where: string,
): Uint8Array {
  const columns = namesToColumns(table, selected, where);
  const base = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
  const byStem = new Map([...table.rows].map(([name, row]) => [base(nameToStem(name)), row]));
  const rows = images.map(
    (name) => table.rows.get(name) ?? table.rows.get(base(name)) ?? byStem.get(base(nameToStem(name))),
  );
  const without = images.filter((_, i) => rows[i] === undefined);
  if (without.length > 0)
    throw new GanEvalError(
      "input.unmatched-attributes",
      `expected a line in ${where} (${table.rows.size} lines) for each of ${images.length} images, got none for ${without.length}: ${without.slice(0, SHOWN).join(", ")}${without.length > SHOWN ? ", ..." : ""}`,
      { hint: "Add their lines, or remove these images." },
    );
  return Uint8Array.from(
    { length: images.length * columns.length },
    (_, i) => rows[Math.floor(i / columns.length)]![columns[i % columns.length]],
  );
}

export const readAttributes = async (location: string): Promise<AttributeTable> =>
  textToAttributes(await readText(location), location);
