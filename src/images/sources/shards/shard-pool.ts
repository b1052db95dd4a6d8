/** Shards that are open: as many as are read at once, the one not used for longest closed for the next. */
import type { Shard } from "./shard.ts";
import type { ShardBytes } from "./shard-bytes.ts";

/** Each holds a few chunks; images are read ahead over the ends of shards. */
const MOST_OPEN = 8;

interface Opened {
  readonly bytes: Promise<ShardBytes>;
  readers: number;
}

export class ShardPool {
  private readonly shards: readonly Shard[];
  private readonly opened = new Map<number, Opened>();

  constructor(shards: readonly Shard[]) {
    this.shards = shards;
  }

  async read(shard: number, offset: number, length: number): Promise<Uint8Array> {
    const opened = this.opened.get(shard) ?? { bytes: this.shards[shard].open(), readers: 0 };
    this.opened.delete(shard);
    this.opened.set(shard, opened);
    opened.readers++;
    try {
      await this.closeSome();
      return await (await opened.bytes).read(offset, length);
    } catch (error) {
      // What could not be opened may be the next time.
      if (
        await opened.bytes.then(
          () => false,
          () => true,
        )
      )
        this.opened.delete(shard);
      throw error;
    } finally {
      opened.readers--;
    }
  }

  async close(): Promise<void> {
    const all = [...this.opened.values()];
    this.opened.clear();
    for (const { bytes } of all)
      await bytes.then(
        (opened) => opened.close(),
        () => {},
      );
  }

  private async closeSome(): Promise<void> {
    for (const [shard, { bytes, readers }] of this.opened) {
      if (this.opened.size <= MOST_OPEN) return;
      if (readers > 0) continue;
      this.opened.delete(shard);
      await bytes.then(
        (opened) => opened.close(),
        () => {},
      );
    }
  }
}
