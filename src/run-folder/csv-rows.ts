/**
 * CSV files that grow by whole rows (RFC 4180, line feeds). They are written with fast-csv; read here, because a file
 * whose last row was cut off by a kill must be read up to there, and to know where "there" is.
 */
import type { FileHandle } from "node:fs/promises";

const CHUNK = 2 ** 20;
/** No row of ours is longer; a stray quotation mark must not make one row of a whole file. */
const LONGEST_ROW = 2 ** 20;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** Ends of the rows that are whole in `bytes`, which begins with a row. */
function* rowEnds(bytes: Uint8Array): Generator<number> {
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) quoted = !quoted;
    else if (bytes[i] === LINE_FEED && !quoted) yield i + 1;
  }
}

/**
 * Hands rows to `take`, heading first, until it refuses one, the file ends or a row is cut off.
 * @param from where a row begins (default: the file)
 * @returns where the rows end that were taken
 */
export async function scanRows(file: FileHandle, take: (row: string) => boolean, from = 0): Promise<number> {
  let taken = from;
  let rest = Buffer.alloc(0);
  // Not filled first: of thousands of small files that would be most of the work.
  const chunk = Buffer.allocUnsafe(CHUNK);
  while (rest.length <= LONGEST_ROW) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, taken + rest.length);
    if (bytesRead === 0) break;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let begin = 0;
    for (const end of rowEnds(bytes)) {
      const written = bytes.toString("utf8", begin, end - 1);
      // A spreadsheet puts a byte order mark before the first row, and ends rows with a carriage return too.
      const row = taken + begin === 0 ? written.replace(/^\ufeff/, "") : written;
      if (!take(row.endsWith("\r") ? row.slice(0, -1) : row)) return taken + begin;
      begin = end;
    }
    taken += begin;
    rest = bytes.subarray(begin);
  }
  return taken;
}

const CELL = /("(?:[^"]|"")*"|[^,]*)(,|$)/gy;

/** The cells of one row, which may hold line feeds in quotation marks. */
export function rowToCells(row: string): string[] {
  if (!row.includes('"')) return row.split(",");
  const cells: string[] = [];
  for (const [, cell, comma] of row.matchAll(CELL)) {
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (comma === "") break;
  }
  return cells;
}

/** fast-csv drops NUL, and UTF-8 has no halves of surrogate pairs: neither would come back. */
const LOST = /[\0\ud800-\udfff]/;

/** A cell as it is read back. */
export const toCellText = (cell: string | number): string =>
  typeof cell === "string" && LOST.test(cell)
    ? Buffer.from(cell).toString().replaceAll("\0", "\ufffd")
    : String(cell);

/** Rows as the text of a file. Numbers with the digits that make them the same again. */
export async function rowsToText(rows: readonly (readonly (string | number)[])[]): Promise<string> {
  const { writeToString } = await import("fast-csv");
  return writeToString(
    rows.map((row) => row.map(toCellText)),
    { rowDelimiter: "\n", includeEndRowDelimiter: true },
  );
}
