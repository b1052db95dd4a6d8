/** What of a shard is known without its pictures: name, place and size of each, and its class. */
import type { ShardPicture } from "./sample-members.ts";

/** Where a shard is not whole. */
export interface ShardDamage {
  /** Follows "got". */
  readonly what: string;
  /** Byte of the archive. */
  readonly at: number;
  /** The member that is cut off, where it is one. */
  readonly name?: string;
}

/** Pictures of one shard in their order. A million of them take about 50 MB. */
export interface ShardIndex {
  readonly count: number;
  name(i: number): string;
  readonly offsets: Float64Array;
  readonly sizes: Float64Array;
  /** Words for classes, and the place of each picture's word among them, -1 for none. */
  readonly words: readonly string[];
  readonly wordOf: Int32Array;
  /** sha256 of each picture one after the other, where its bytes were seen anyway. */
  readonly digests?: Uint8Array;
  readonly damage?: ShardDamage;
}

export const DIGEST_LENGTH = 32;

/** The parts of an index as they are kept in a file. */
export interface IndexParts {
  readonly names: readonly string[];
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  readonly words: readonly string[];
  readonly wordOf: readonly number[];
  readonly digests?: Uint8Array;
  readonly damage?: ShardDamage;
}

/** Names as one run of bytes: strings of a million would take four times as much. */
function namesToLookup(names: readonly string[]): (i: number) => string {
  const bytes = Buffer.from(names.join(""));
  const ends = new Uint32Array(names.length);
  let end = 0;
  for (let i = 0; i < names.length; i++) {
    end += Buffer.byteLength(names[i]);
    ends[i] = end;
  }
  return (i) => bytes.toString("utf8", i === 0 ? 0 : ends[i - 1], ends[i]);
}

export const partsToIndex = ({
  names,
  offsets,
  sizes,
  words,
  wordOf,
  digests,
  damage,
}: IndexParts): ShardIndex => ({
  count: names.length,
  name: namesToLookup(names),
  offsets: Float64Array.from(offsets),
  sizes: Float64Array.from(sizes),
  words,
  wordOf: Int32Array.from(wordOf),
  ...(digests && { digests }),
  ...(damage && { damage }),
});

export const indexToParts = (index: ShardIndex): IndexParts => ({
  names: Array.from({ length: index.count }, (_, i) => index.name(i)),
  offsets: [...index.offsets],
  sizes: [...index.sizes],
  words: index.words,
  wordOf: [...index.wordOf],
  ...(index.digests && { digests: index.digests }),
  ...(index.damage && { damage: index.damage }),
});

/** Gathers the pictures of a shard. */
export class IndexBuilder {
  private readonly names: string[] = [];
  private readonly offsets: number[] = [];
  private readonly sizes: number[] = [];
  private readonly words = new Map<string, number>();
  private readonly wordOf: number[] = [];
  private readonly digests: Uint8Array[] = [];

  add(picture: ShardPicture | undefined): void {
    if (picture === undefined) return;
    const { name, offset, size, label, digest } = picture;
    this.names.push(name);
    this.offsets.push(offset);
    this.sizes.push(size);
    if (label !== undefined && !this.words.has(label)) this.words.set(label, this.words.size);
    this.wordOf.push(label === undefined ? -1 : this.words.get(label)!);
    if (digest) this.digests.push(digest);
  }

  finish(damage?: ShardDamage): ShardIndex {
    const { names, offsets, sizes, wordOf, digests } = this;
    const isDigested = digests.length === names.length && names.length > 0;
    return partsToIndex({
      ...{ names, offsets, sizes, wordOf, words: [...this.words.keys()] },
      ...(isDigested && { digests: Buffer.concat(digests) }),
      ...(damage && { damage }),
    });
  }
}
