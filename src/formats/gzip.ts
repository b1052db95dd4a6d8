/** What is gzipped, by its content, unpacked as it streams by. */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The chunks as they are, or unpacked where they begin as gzip does. */
export async function* unpackGzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let start = Buffer.alloc(0);
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      first.push(next.value);
      start = Buffer.concat([start, next.value]);
      if (start.length >= 2) break;
    }
    const all = joined(first, iterator);
    if (start[0] !== 0x1f || start[1] !== 0x8b) {
      yield* all;
      return;
    }
    const unpacked = pipeline(Readable.from(all), createGunzip(), () => {});
    try {
      yield* unpacked;
    } finally {
      unpacked.destroy();
    }
  } finally {
    await iterator.return?.();
  }
}

/** As `unpackGzip`, of data that are cut off or damaged as far as they can be unpacked. */
export async function* unpackReadable(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* unpackGzip(chunks);
  } catch (error) {
    if (!isGzipError(error)) throw error;
  }
}

/** Whether an error is zlib's: damaged or cut-off data. */
export const isGzipError = (error: unknown): boolean =>
  /^Z_/.test((error as NodeJS.ErrnoException).code ?? "");
