/** Histories of nightly checks among the files that were found. */
import { lstat, open } from "node:fs/promises";
import { HISTORY_SCHEMA, type History, readHistory } from "../../check/history.ts";
import { textToVisible } from "../../reports/page.ts";
import type { FoundFile } from "./find-runs.ts";

export interface GateEntry {
  readonly id: string;
  readonly name: string;
  readonly nights: number;
  readonly failed: number;
  /** The newest night. */
  readonly passed: boolean;
  /** ISO 8601. */
  readonly when: string;
}

interface Known {
  readonly stamp: string;
  readonly location: string;
  readonly entry?: GateEntry;
}

/** A night takes about 1 kB. */
const MOST_BYTES = 64 * 2 ** 20;
const HEAD = 4096;

/** Whether the first line says that it is a history; other files of lines of JSON are none of ours. */
async function isHistory(location: string): Promise<boolean> {
  const file = await open(location, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString("utf8", 0, bytesRead).includes(`"${HISTORY_SCHEMA}"`);
  } finally {
    await file.close();
  }
}

const historyToEntry = ({ id, name }: FoundFile, { nights }: History): GateEntry => ({
  id,
  name: textToVisible(name),
  nights: nights.length,
  failed: nights.filter(({ passed }) => !passed).length,
  passed: nights.at(-1)?.passed ?? true,
  when: nights.at(-1)?.when ?? "",
});

export class Gates {
  private known = new Map<string, Known>();
  /** Another list where one has changed. */
  entries: readonly GateEntry[] = [];

  async update(files: readonly FoundFile[]): Promise<void> {
    const now = new Map<string, Known>();
    for (const file of files) now.set(file.id, await this.look(file));
    this.known = now;
    const entries = [...now.values()].flatMap(({ entry }) => entry ?? []);
    if (JSON.stringify(entries) !== JSON.stringify(this.entries)) this.entries = entries;
  }

  private async look(file: FoundFile): Promise<Known> {
    const { id, location } = file;
    const before = this.known.get(id);
    const entry = await lstat(location).catch(() => undefined);
    const stamp = entry?.isFile() ? `${entry.ino} ${entry.size} ${entry.mtimeMs}` : "";
    if (before?.stamp === stamp) return before;
    if (!entry?.isFile() || entry.size > MOST_BYTES) return { stamp, location };
    try {
      if (!(await isHistory(location))) return { stamp, location };
      return { stamp, location, entry: historyToEntry(file, await readHistory(location)) };
    } catch {
      return { stamp, location };
    }
  }

  /** Undefined for an id that was not found. */
  idToLocation(id: string): string | undefined {
    const known = this.known.get(id);
    return known?.entry && known.location;
  }
}
