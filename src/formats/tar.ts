/** Reads one file out of a tar archive as it streams by, gzipped or not. */
import { createReadStream } from "node:fs";
import { GanEvalError } from "../errors.ts";
import { isGzipError, unpackGzip } from "./gzip.ts";
import { StreamBytes } from "./tar-bytes.ts";
import { TarError, walkTar } from "./tar-members.ts";

export interface TarFile {
  /** The name as the archive has it; it is compared and shown, never used as a path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TarOptions {
  /** Largest member that is read. */
  readonly maxBytes: number;
  /** Unpacked bytes after which an archive is refused. */
  readonly maxTotal?: number;
}

async function findFile(
  bytes: StreamBytes,
  location: string,
  isWanted: (name: string) => boolean,
  { maxBytes, maxTotal = 2 ** 31 }: TarOptions,
): Promise<TarFile | undefined> {
  for await (const { name, offset, size, isFile } of walkTar(bytes, location)) {
    if (isFile && isWanted(name)) {
      if (size > maxBytes)
        throw new TarError(
          location,
          `${size} bytes of ${name}, more than the ${maxBytes} it may have`,
          offset,
        );
      const content = await bytes.take(size);
      if (content === undefined) throw new TarError(location, `the end of the data within ${name}`, offset);
      return { name, bytes: content };
    }
    if (offset + size > maxTotal) throw new TarError(location, `more than ${maxTotal} bytes`, offset);
  }
  return undefined;
}

/**
 * The first regular file of the archive whose name is wanted, or undefined. Nothing is written anywhere, so that names
 * that climb out do no harm.
 * @throws GanEvalError `input.tar` (damaged, cut off, too large), `input.cannot-read`
 */
export async function readTarMember(
  location: string,
  isWanted: (name: string) => boolean,
  options: TarOptions,
): Promise<TarFile | undefined> {
  const file = createReadStream(location);
  const bytes = new StreamBytes(unpackGzip(file));
  try {
    return await findFile(bytes, location, isWanted, options);
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    const { message } = cause as Error;
    if (isGzipError(cause)) throw new TarError(location, message, bytes.at, cause);
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${message}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  } finally {
    file.destroy();
  }
}
