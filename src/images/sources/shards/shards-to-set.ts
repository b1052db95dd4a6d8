/** Shards as a set of images: each shard's pictures as they stand, shards in the order given. */
import { GanEvalError } from "../../../errors.ts";
import { TarError } from "../../../formats/tar-members.ts";
import { bytesToUndecoded } from "../../decode/decode.ts";
import { ImageError } from "../../decode/image-error.ts";
import type { SourceClasses } from "../../source.ts";
import { MAX_FILE_BYTES } from "../file-set.ts";
import type { ImageSet } from "../image-set.ts";
import { wordsToNumbers } from "../label-file.ts";
import { type IndexOptions, openIndexes } from "./open-indexes.ts";
import type { Shard } from "./shard.ts";
import { DIGEST_LENGTH, type ShardIndex } from "./shard-index.ts";
import { ShardPool } from "./shard-pool.ts";

export interface ShardOptions extends IndexOptions {
  readonly maxPixels: number;
}

/** Paths from the folder that all shards have in common. */
function pathsToNames(paths: readonly string[]): readonly string[] {
  const [first, ...others] = paths.map((path) => path.split("/"));
  let common = 0;
  while (
    common < first.length - 1 &&
    others.every((parts) => common < parts.length - 1 && parts[common] === first[common])
  )
    common++;
  return [first, ...others].map((parts) => parts.slice(common).join("/"));
}

/** Classes where each picture has a word for one; what is damaged is of class 0, and never read. */
function indexesToClasses(indexes: readonly ShardIndex[], starts: Float64Array): SourceClasses {
  const count = indexes.reduce((sum, index) => sum + index.count, 0);
  const lacking = indexes.reduce((sum, { wordOf }) => sum + wordOf.filter((word) => word < 0).length, 0);
  if (lacking === count) return {};
  if (lacking > 0)
    return { unlabelled: `${lacking} of its ${count} samples have no class (.cls, or "label" in .json)` };
  const { numberOf, classNames } = wordsToNumbers(indexes.flatMap(({ words }) => words));
  const labels = new Int32Array(starts[indexes.length]);
  for (const [i, { words, wordOf }] of indexes.entries()) {
    const numbers = words.map((word) => numberOf(word));
    for (let k = 0; k < wordOf.length; k++) labels[starts[i] + k] = numbers[wordOf[k]];
  }
  return { labels, ...(classNames && { classNames }) };
}

/** Where the pictures of each shard begin, and of what is behind the last; what is damaged counts as one. */
function indexesToStarts(indexes: readonly ShardIndex[]): Float64Array {
  const starts = new Float64Array(indexes.length + 1);
  for (const [i, { count, damage }] of indexes.entries())
    starts[i + 1] = starts[i] + count + (damage ? 1 : 0);
  return starts;
}

/** The last shard that begins at the position or before; empty ones begin where the next does. */
function positionToShard(starts: Float64Array, position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= position) low = middle;
    else high = middle;
  }
  return low;
}

const noPictures = (
  location: string,
  shards: number,
  imageKeys: readonly string[] | undefined,
): GanEvalError =>
  new GanEvalError(
    "input.no-pictures",
    `expected images in ${location}, got ${shards === 1 ? "a tar archive" : `${shards} tar archives`} with none`,
    {
      hint: imageKeys
        ? `No sample has a member .${imageKeys.join(" or .")} (--image-key).`
        : "Images of a shard are its .jpg, .jpeg, .png and .webp members; another extension is named by --image-key.",
    },
  );

/** Opens shards. @throws GanEvalError as `openIndexes`; `input.no-pictures` */
export async function shardsToSet(
  location: string,
  shards: readonly Shard[],
  options: ShardOptions,
): Promise<ImageSet> {
  const indexes = await openIndexes(shards, options);
  const starts = indexesToStarts(indexes);
  const count = starts[indexes.length];
  if (count === 0) throw noPictures(location, shards.length, options.imageKeys);
  const names = pathsToNames(shards.map(({ path }) => path));
  const pool = new ShardPool(shards);

  const find = (position: number) => {
    const shard = positionToShard(starts, position);
    return { shard, i: position - starts[shard], index: indexes[shard] };
  };
  const name = (position: number): string => {
    const { shard, i, index } = find(position);
    const member = i < index.count ? index.name(i) : (index.damage!.name ?? `#${index.damage!.at}`);
    return `${names[shard]}/${member}`;
  };
  const read = async (position: number): Promise<Uint8Array> => {
    const { shard, i, index } = find(position);
    if (i >= index.count) {
      const { what, at } = index.damage!;
      throw new ImageError(name(position), `a damaged archive, with ${what} at byte ${at}`);
    }
    const size = index.sizes[i];
    if (size > MAX_FILE_BYTES) throw new ImageError(name(position), `a file of ${size} bytes`);
    const bytes = await pool.read(shard, index.offsets[i], size);
    if (bytes.length === size) return bytes;
    throw new TarError(
      shards[shard].location,
      `the end of the data within ${index.name(i)}`,
      index.offsets[i],
    );
  };
  return {
    kind: "tar",
    location,
    count,
    leafStarts: Int32Array.from(new Set(starts.subarray(0, -1))).filter((start) => start < count),
    ...indexesToClasses(indexes, starts),
    name,
    read,
    digest(position) {
      const { i, index } = find(position);
      return i < index.count
        ? index.digests?.subarray(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH)
        : undefined;
    },
    inspect: (bytes, position) => bytesToUndecoded(bytes, name(position), options.maxPixels),
    close: () => pool.close(),
  };
}
