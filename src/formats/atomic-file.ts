import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";

/** A name beside the target, hidden, under which it is written until it is whole. */
export const targetToTemporary = (location: string): string =>
  path.join(path.dirname(location), `.${path.basename(location)}.${randomBytes(6).toString("hex")}.tmp`);

/** What the system said when it refused a write, as an error that a person can act on. */
export function cannotWrite(location: string, cause: unknown): GanEvalError {
  if (cause instanceof GanEvalError) return cause;
  return new GanEvalError("input.cannot-write", `cannot write ${location}: ${(cause as Error).message}`, {
    hint: "Check that the folder exists, that you may write to it, and that the disk has room.",
    cause,
  });
}

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
  const temporary = targetToTemporary(location);
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
    throw cannotWrite(location, cause);
  }
}
