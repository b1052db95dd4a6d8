/** The last row of a table that may be growing, without reading the rest. */
import { type FileHandle, open } from "node:fs/promises";
import { rowToCells } from "../../run-folder/csv-rows.ts";

const MOST_HEADING = 65_536;
const MOST_TAIL = 65_536;

async function readAt(file: FileHandle, from: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.toString("utf8", 0, bytesRead);
}

/** The last whole row by columns; undefined where there is none, or no file. */
export async function readLastRow(location: string): Promise<ReadonlyMap<string, number> | undefined> {
  const file = await open(location, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const [heading, ...rest] = (await readAt(file, 0, Math.min(size, MOST_HEADING))).split("\n");
    if (rest.length === 0) return undefined;
    const from = Math.max(0, size - MOST_TAIL);
    // Behind the last line feed there is nothing, or a row that is being written.
    const lines = (await readAt(file, from, size - from)).split("\n").slice(from === 0 ? 1 : 0, -1);
    const row = lines.at(-1);
    if (row === undefined) return undefined;
    const cells = rowToCells(row);
    return new Map(rowToCells(heading).map((name, i) => [name, Number(cells[i])]));
  } finally {
    await file.close();
  }
}
