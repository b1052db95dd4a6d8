/** Tables as aligned text and as Markdown. */
import { type Page, textToLines, textToVisible, textToWidth } from "./page.ts";

export interface Column {
  readonly key: string;
  /** The heading in text and Markdown; CSV has the key. */
  readonly title: string;
  /** Numbers stand on the right. */
  readonly align?: "left" | "right";
}

export type Cell = string | number | boolean | null;

/** Rows of cells under named columns; a null cell is empty. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/** How a cell's text is dressed once its width is known. */
export type Paint = (text: string, column: Column, row: Readonly<Record<string, Cell>>) => string;

const GAP = "  ";
/** A last column that is narrower than this is harder to read than blocks are. */
const NARROWEST_LAST = 32;

const cellToText = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? "" : textToVisible(String(cell)).replaceAll("\n", " ");

/** Text padded with spaces to `width` columns; colour sequences do not count. */
export function textToPadded(text: string, width: number, align: "left" | "right" = "left"): string {
  const padding = " ".repeat(Math.max(0, width - textToWidth(text)));
  return align === "right" ? padding + text : text + padding;
}

/**
 * Aligned columns under a heading. Where the page is too narrow the last column is wrapped, and where even that does not
 * fit each row becomes a block of `title: cell` lines.
 */
export function tableToText(
  table: Table,
  page: Page,
  paint: Paint = (text) => text,
  narrowest = NARROWEST_LAST,
): string {
  const { columns, rows } = table;
  const widths = columns.map(({ key, title }) =>
    Math.max(textToWidth(title), ...rows.map((row) => textToWidth(cellToText(row[key])))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = page.columns - before;
  if (room < Math.min(widths[last] ?? 0, narrowest)) return tableToBlocks(table, page, paint);

  const widthOfLast = Math.min(widths[last] ?? 0, room);
  const toLine = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        index === last && columns[index]?.align !== "right"
          ? cell
          : textToPadded(cell, index === last ? widthOfLast : widths[index]!, columns[index]?.align),
      )
      .join(GAP)
      .trimEnd();

  const lines = [toLine(columns.map(({ title }) => page.style.dim(title)))];
  for (const row of rows) {
    const cells = columns.map(({ key }) => cellToText(row[key]));
    const wrapped = textToLines(cells[last] ?? "", widthOfLast);
    wrapped.forEach((part, index) => {
      const texts =
        index === 0 ? [...cells.slice(0, last), part] : [...cells.slice(0, last).map(() => ""), part];
      lines.push(toLine(texts.map((text, at) => (text === "" ? "" : paint(text, columns[at]!, row)))));
    });
  }
  return `${lines.join("\n")}\n`;
}

function tableToBlocks({ columns, rows }: Table, page: Page, paint: Paint): string {
  const width = Math.max(...columns.map(({ title }) => textToWidth(title)));
  const blocks = rows.map((row) =>
    columns
      .filter(({ key }) => cellToText(row[key]) !== "")
      .map((column) => {
        const parts = textToLines(
          cellToText(row[column.key]),
          Math.max(16, page.columns - width - GAP.length),
        );
        const text = parts.map((part) => paint(part, column, row)).join(`\n${" ".repeat(width)}${GAP}`);
        return `${page.style.dim(textToPadded(column.title, width))}${GAP}${text}`;
      })
      .join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}

/** A GitHub-flavoured Markdown table; pipes and angle brackets in cells are escaped. */
export function tableToMarkdown({ columns, rows }: Table): string {
  const escapeCell = (text: string): string =>
    text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const toLine = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return `${[
    toLine(columns.map(({ title }) => escapeCell(title))),
    toLine(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...rows.map((row) => toLine(columns.map(({ key }) => escapeCell(cellToText(row[key]))))),
  ].join("\n")}\n`;
}

/** RFC 4180 with a heading row of keys; numbers in full precision. */
export async function tableToCsv({ columns, rows }: Table): Promise<string> {
  const { writeToString } = await import("fast-csv");
  return writeToString(
    rows.map((row) => columns.map(({ key }) => cellToCsv(row[key]))),
    {
      headers: columns.map(({ key }) => key),
      alwaysWriteHeaders: true,
      includeEndRowDelimiter: true,
      rowDelimiter: "\r\n",
    },
  );
}

/** Spreadsheets run text that starts like a formula (OWASP, CSV injection): an apostrophe keeps it text. */
const cellToCsv = (cell: Cell | undefined): string => {
  const text = cell === null || cell === undefined ? "" : String(cell);
  return typeof cell === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
};
