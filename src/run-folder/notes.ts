/** `notes.json`: what a person wrote of a run. Training neither reads nor removes it. */
import { lstat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { readText } from "../formats/text.ts";

const NOTES_FILE = "notes.json";

/** Of the whole file. */
export const MOST_NOTES_BYTES = 65_536;

const NOTES = z.object({
  schema: z.literal("gan-eval/notes/1"),
  text: z.string(),
  /** ISO 8601. */
  updated: z.string(),
});
export type RunNotes = Readonly<z.infer<typeof NOTES>>;

const locationOf = (folder: string): string => path.join(folder, NOTES_FILE);

/** Undefined where there are none, or what is there is no notes of ours. */
export async function readNotes(folder: string): Promise<RunNotes | undefined> {
  const entry = await lstat(locationOf(folder)).catch(() => undefined);
  if (!entry?.isFile() || entry.size > MOST_NOTES_BYTES) return undefined;
  try {
    return NOTES.parse(JSON.parse(await readText(locationOf(folder))));
  } catch {
    return undefined;
  }
}

/**
 * @param clock milliseconds since 1970
 * @throws GanEvalError `usage.notes` for more than 64 KiB, `input.cannot-write`
 */
export async function writeNotes(folder: string, text: string, clock: () => number): Promise<RunNotes> {
  const entry = await lstat(locationOf(folder)).catch(() => undefined);
  if (entry !== undefined && !entry.isFile())
    throw new GanEvalError(
      "input.cannot-write",
      `cannot write ${locationOf(folder)}: it is a link or no file`,
      {
        hint: "Remove it.",
      },
    );
  const notes: RunNotes = { schema: "gan-eval/notes/1", text, updated: new Date(clock()).toISOString() };
  const bytes = Buffer.from(`${JSON.stringify(notes, null, 2)}\n`);
  if (bytes.length > MOST_NOTES_BYTES)
    throw new GanEvalError(
      "usage.notes",
      `expected notes of at most ${MOST_NOTES_BYTES} bytes, got ${bytes.length}`,
      { hint: "Shorten them, or keep them in a file of their own." },
    );
  await writeFileAtomically(locationOf(folder), [bytes]);
  return notes;
}
