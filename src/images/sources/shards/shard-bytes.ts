/** A shard's bytes at any place, read in chunks while they are asked for in order. */

/** How bytes are got. */
export interface ChunkLoader {
  /** At most `length` bytes from `start`: fewer at the end. */
  load(start: number, length: number): Promise<Uint8Array>;
  /** Bytes got at once. */
  readonly chunk: number;
  /** Whether any place is got as fast as the next; else what is behind costs a new beginning. */
  readonly isRandom: boolean;
  /** Whether the next chunk is worth asking for before it is needed. */
  readonly isSlow: boolean;
  close(): Promise<void>;
}

export interface ShardBytes {
  /** Exactly `length` bytes, or fewer where the shard ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Chunks held at once: pictures are asked for side by side, and not quite in order. */
const HELD = 3;

class ChunkedBytes implements ShardBytes {
  private readonly loader: ChunkLoader;
  private readonly chunks = new Map<number, Promise<Uint8Array>>();
  /** Where what was asked for ended. */
  private end = 0;

  constructor(loader: ChunkLoader) {
    this.loader = loader;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const { chunk, isRandom, isSlow } = this.loader;
    const isNext = Math.abs(offset - this.end) <= chunk;
    this.end = offset + length;
    const first = Math.floor(offset / chunk);
    const last = Math.floor((offset + Math.max(1, length) - 1) / chunk);
    const isAtHand = this.chunks.has(first) || isNext;
    if (isRandom && (!isAtHand || length > chunk)) return this.loader.load(offset, length);
    const pieces: Promise<Uint8Array>[] = [];
    for (let i = first; i <= last; i++) pieces.push(this.chunk(i));
    if (isSlow && isNext) void this.chunk(last + 1);
    const bytes = pieces.length === 1 ? await pieces[0] : Buffer.concat(await Promise.all(pieces));
    const from = offset - first * chunk;
    return bytes.subarray(from, from + length);
  }

  close(): Promise<void> {
    this.chunks.clear();
    return this.loader.close();
  }

  private chunk(i: number): Promise<Uint8Array> {
    const held = this.chunks.get(i) ?? this.loader.load(i * this.loader.chunk, this.loader.chunk);
    // The last asked for is the last to go.
    this.chunks.delete(i);
    this.chunks.set(i, held);
    // Whoever awaits it sees its error; what is asked for ahead nobody may await.
    held.catch(() => this.chunks.delete(i));
    const [oldest] = this.chunks.keys();
    if (this.chunks.size > HELD) this.chunks.delete(oldest);
    return held;
  }
}

export const loaderToBytes = (loader: ChunkLoader): ShardBytes => new ChunkedBytes(loader);

/** What goes by as a stream: chunks in order, and from the beginning again for what is behind. */
export function streamToLoader(open: () => AsyncIterable<Uint8Array>, chunk: number): ChunkLoader {
  let stream: AsyncIterator<Uint8Array> | undefined;
  let at = 0;
  let rest: Uint8Array = new Uint8Array(0);
  let line: Promise<unknown> = Promise.resolve();

  const close = async () => {
    const old = stream;
    stream = undefined;
    await old?.return?.();
  };
  const restart = async () => {
    await close();
    stream = open()[Symbol.asyncIterator]();
    [at, rest] = [0, new Uint8Array(0)];
  };
  /** The next bytes of the stream, at most `most` of them; none at its end. */
  const next = async (most: number): Promise<Uint8Array> => {
    if (rest.length === 0) rest = (await stream!.next()).value ?? new Uint8Array(0);
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    at += piece.length;
    return piece;
  };
  const load = async (start: number, length: number): Promise<Uint8Array> => {
    if (stream === undefined || start < at) await restart();
    while (at < start) if ((await next(start - at)).length === 0) return new Uint8Array(0);
    const pieces: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const piece = await next(left);
      if (piece.length === 0) break;
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  };
  return {
    chunk,
    isRandom: false,
    isSlow: true,
    load(start, length) {
      const loaded = line.then(() => load(start, length));
      line = loaded.catch(() => {});
      return loaded;
    },
    async close() {
      await line;
      await close();
    },
  };
}
