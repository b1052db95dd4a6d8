import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";

/**
 * Writes a file so that a reader finds the old content or the new, never a part: to a temporary name in the same
 * folder, flushed, then renamed.
 *
 * @throws GanEvalError `input.cannot-write` where the folder is missing, read-only or full; nothing is left behind
 */
export async function writeFileAtomically(
  location: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = path.dirname(location);
  const temporary = path.join(folder, `.${path.basename(location)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, location);
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof GanEvalError) throw cause;
    throw new GanEvalError("input.cannot-write", `cannot write ${location}: ${(cause as Error).message}`, {
      hint: "Check that the folder exists, that you may write to it, and that the disk has room.",
      cause,
    });
  }
}
