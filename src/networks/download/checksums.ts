/** Checksums of files and of bytes that are still on their way. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { GanEvalError } from "../../errors.ts";

export interface FileChecksums {
  readonly bytes: number;
  readonly sha256: string;
  /** The name git gives the content: sha1 of `blob <length>\0` and the bytes. */
  readonly gitBlob: string;
}

/** Checksums of bytes that come in pieces; git's needs the length before them. */
export class RunningChecksums {
  private readonly bytes: number;
  private readonly sha256 = createHash("sha256");
  private readonly blob;

  constructor(bytes: number) {
    this.bytes = bytes;
    this.blob = createHash("sha1").update(`blob ${bytes}\0`);
  }

  update(chunk: Uint8Array): void {
    this.sha256.update(chunk);
    this.blob.update(chunk);
  }

  digest(): FileChecksums {
    return { bytes: this.bytes, sha256: this.sha256.digest("hex"), gitBlob: this.blob.digest("hex") };
  }
}

async function chunksToChecksums(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytes: number,
  onBytes?: (done: number) => void,
): Promise<FileChecksums> {
  const running = new RunningChecksums(bytes);
  let done = 0;
  for await (const chunk of chunks) {
    running.update(chunk);
    done += chunk.length;
    onBytes?.(done);
  }
  return running.digest();
}

/**
 * @param onBytes is told after each piece how many bytes have been read
 * @throws GanEvalError `input.cannot-read`; the signal's reason if it is aborted
 */
export async function fileToChecksums(
  location: string,
  bytes: number,
  { onBytes, signal }: { onBytes?: (done: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<FileChecksums> {
  try {
    const chunks = createReadStream(location, { highWaterMark: 2 ** 20, ...(signal && { signal }) });
    return await chunksToChecksums(chunks, bytes, onBytes);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${(cause as Error).message}`, {
      hint: "Check that the path exists and that you may read it.",
      cause,
    });
  }
}

export const bytesToChecksums = (bytes: Uint8Array): Promise<FileChecksums> =>
  chunksToChecksums([bytes], bytes.length);
