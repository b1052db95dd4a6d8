/** Files that are written whole or not at all, wherever the place allows it. */
import { randomBytes } from "node:crypto";
import { createReadStream, write as writeDescriptor } from "node:fs";
import { chmod, chown, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { GanEvalError } from "../errors.ts";
import { locationToTarget, type OutputTarget } from "./output-target.ts";

/** A name beside the target, hidden, under which it is written until it is whole. */
export const targetToTemporary = (location: string): string =>
  path.join(path.dirname(location), `.${path.basename(location)}.${randomBytes(6).toString("hex")}.tmp`);

/** What the system said when it refused a write, as an error that a person can act on. */
export function cannotWrite(location: string, cause: unknown): GanEvalError {
  if (cause instanceof GanEvalError) return cause;
  return new GanEvalError("input.cannot-write", `cannot write ${location}: ${(cause as Error).message}`, {
    hint: "Check that the folder exists and is writable, and that the disk has space.",
    cause,
  });
}

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const writeTo = promisify(writeDescriptor) as (
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: null,
) => Promise<{ bytesWritten: number }>;

/** A socket that is full is asked again after this. */
const RETRY_MS = 5;

const writeSome = (fd: number, chunk: Uint8Array, at: number): Promise<number> =>
  writeTo(fd, chunk, at, chunk.length - at, null).then(
    ({ bytesWritten }) => bytesWritten,
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EAGAIN") throw error;
      await setTimeout(RETRY_MS);
      return 0;
    },
  );

/** Writes where the open file stands, so that what else is written through it comes before or behind. */
async function writeToDescriptor(fd: number, chunks: Chunks): Promise<void> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; ) at += await writeSome(fd, chunk, at);
}

/** Opens what is there and writes it: neither its kind nor its mode changes. */
async function writeThrough(location: string, before: { isFile(): boolean }, chunks: Chunks): Promise<void> {
  const file = await open(location, "w");
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    if (before.isFile()) await file.sync();
  } finally {
    await file.close();
  }
}

/** The reader of a pipe that has seen enough (`head`) is no error. */
const unlessReaderLeft = (error: NodeJS.ErrnoException): void => {
  if (error.code !== "EPIPE") throw error;
};

const writeAsItStands = (target: Exclude<OutputTarget, { kind: "replace" }>, chunks: Chunks): Promise<void> =>
  (target.kind === "descriptor"
    ? writeToDescriptor(target.fd, chunks)
    : writeThrough(target.path, target.before, chunks)
  ).catch(unlessReaderLeft);

/** What a new file must not be seen with, even for a moment, is asked of it when it is made. */
const openTemporary = (temporary: string, before: OutputTarget["before"]): Promise<FileHandle> =>
  open(temporary, "wx", before === undefined ? 0o666 : before.mode & 0o777);

/** Gives a new file the mode and owner of the one that it replaces. */
async function copyOwnership(temporary: string, before: OutputTarget["before"]): Promise<void> {
  if (before === undefined) return;
  const made = await stat(temporary);
  if (made.uid !== before.uid || made.gid !== before.gid) await chown(temporary, before.uid, before.gid);
  // Last: a change of owner takes special bits away.
  if (((made.mode ^ before.mode) & 0o7777) !== 0) await chmod(temporary, before.mode & 0o7777);
}

/** What the system says of a file that can be written but not replaced: a mount, an owner that cannot be kept. */
const CANNOT_REPLACE: ReadonlySet<string | undefined> = new Set([
  "EBUSY",
  "EPERM",
  "EACCES",
  "EXDEV",
  "EINVAL",
]);

/** Moves a finished file to its place; where what is there cannot be replaced, it is written over. */
async function putInPlace(temporary: string, { path: location, before }: OutputTarget): Promise<void> {
  try {
    await copyOwnership(temporary, before);
    await rename(temporary, location);
  } catch (error) {
    if (before === undefined || !CANNOT_REPLACE.has((error as NodeJS.ErrnoException).code)) throw error;
    await writeThrough(location, before, createReadStream(temporary));
    await rm(temporary, { force: true });
  }
}

/** A file that is written under another name. */
export interface OutputFile {
  /** Where it is written until it is whole. */
  readonly temporary: string;
  /** Makes the file at `temporary`; it may be written anywhere, and must be closed before `commit`. */
  open(): Promise<FileHandle>;
  /** Brings the whole file to its place. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/**
 * Begins a file that is written piece by piece. A link's target is written, not the link; a file that is replaced
 * leaves its mode and owner to the new one; a device or pipe gets the whole once it is finished.
 * @throws Error what the system says where the place cannot be written
 */
export async function beginOutput(location: string): Promise<OutputFile> {
  const target = await locationToTarget(location);
  const replaces = target.kind === "replace";
  const besides = replaces ? target.path : path.join(tmpdir(), "gan-eval-output");
  const temporary = targetToTemporary(besides);
  return {
    temporary,
    open: () => (replaces ? openTemporary(temporary, target.before) : open(temporary, "wx+", 0o600)),
    async commit() {
      if (target.kind === "replace") return putInPlace(temporary, target);
      await writeAsItStands(target, createReadStream(temporary));
      await rm(temporary, { force: true });
    },
    discard: () => rm(temporary, { force: true }),
  };
}

/**
 * Writes a file so that a reader finds the old content or the new, never a part: to a temporary name in the same
 * folder, flushed, then renamed. Links, modes, devices and pipes stay as they are; what cannot be replaced (a device, a
 * file in a folder that is read-only) is written as it stands.
 *
 * @throws GanEvalError `input.cannot-write` where the folder is missing, read-only or full; nothing is left behind
 */
export async function writeFileAtomically(location: string, chunks: Chunks): Promise<void> {
  let output: OutputFile | undefined;
  try {
    const target = await locationToTarget(location);
    if (target.kind !== "replace") return await writeAsItStands(target, chunks);
    output = await beginOutput(location);
    const file = await output.open();
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await output.commit();
  } catch (cause) {
    await output?.discard();
    throw cannotWrite(location, cause);
  }
}
