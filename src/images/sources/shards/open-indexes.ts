/** The indexes of many shards: those that are kept, and the others made now, a few at a time. */
import { GanEvalError, isCode } from "../../../errors.ts";
import { TarError } from "../../../formats/tar-members.ts";
import { namesToText } from "../../image-notices.ts";
import { type IndexCache, openIndexCache } from "./index-cache.ts";
import { indexShard } from "./index-shard.ts";
import type { Shard, ShardIdentity } from "./shard.ts";
import type { ShardIndex } from "./shard-index.ts";

export interface IndexOptions {
  readonly imageKeys: readonly string[] | undefined;
  /** Where indexes are kept; they are made each time if left out. */
  readonly cacheFolder?: string;
  readonly onError: "fail" | "skip";
  /** Shards behind the first so many pictures are not looked into. */
  readonly limit?: number;
}

/** Shards asked what they are, and looked into, side by side. */
const ASKED = 8;
const INDEXED = 4;

async function inBatches<In, Out>(
  items: readonly In[],
  size: number,
  work: (item: In, i: number) => Promise<Out>,
  isEnough: (done: readonly Out[]) => boolean = () => false,
): Promise<Out[]> {
  const done: Out[] = [];
  for (let at = 0; at < items.length && !isEnough(done); at += size)
    done.push(...(await Promise.all(items.slice(at, at + size).map((item, i) => work(item, at + i)))));
  return done;
}

/** @throws GanEvalError `input.not-found` that names the shards that are not there */
async function identifyAll(shards: readonly Shard[]): Promise<readonly ShardIdentity[]> {
  const missing: string[] = [];
  const identities = await inBatches(shards, ASKED, async (shard) =>
    shard.identify().catch((error) => {
      if (!isCode(error, "input.not-found")) throw error;
      missing.push(shard.location);
      return {};
    }),
  );
  if (missing.length === 0) return identities;
  throw new GanEvalError(
    "input.not-found",
    `expected ${shards.length === 1 ? "a shard" : `${shards.length} shards`}, got ${missing.length} that ${missing.length === 1 ? "is" : "are"} not there: ${namesToText(missing)}`,
    { hint: "Check the path and the range of numbers." },
  );
}

async function makeIndex(shard: Shard, { imageKeys }: IndexOptions): Promise<ShardIndex> {
  const walk = await shard.walk();
  try {
    return await indexShard(walk.bytes, {
      location: shard.location,
      imageKeys,
      withDigests: walk.readsAll && shard.keepsDigests,
    });
  } finally {
    await walk.close();
  }
}

async function findIndex(
  shard: Shard,
  identity: ShardIdentity,
  cache: IndexCache | undefined,
  options: IndexOptions,
): Promise<ShardIndex> {
  const kept = await cache?.find(shard.place, identity);
  if (kept) return kept;
  const index = await makeIndex(shard, options);
  if (index.damage && options.onError === "fail") {
    const { what, at } = index.damage;
    throw new TarError(shard.location, what, at);
  }
  await cache?.keep(shard.place, identity, index);
  return index;
}

/**
 * What shards hold, in their order; with `limit` of the first ones, which have so many pictures.
 * @throws GanEvalError `input.not-found` for missing shards, `input.tar` for those that are not whole (unless they are
 *   to be skipped), `input.shard-sample`, `input.cannot-read`, `unavailable.shard`
 */
export async function openIndexes(
  shards: readonly Shard[],
  options: IndexOptions,
): Promise<readonly ShardIndex[]> {
  const { cacheFolder, imageKeys, limit = Number.POSITIVE_INFINITY } = options;
  const identities = await identifyAll(shards);
  const cache = cacheFolder === undefined ? undefined : openIndexCache(cacheFolder, imageKeys);
  return inBatches(
    shards,
    INDEXED,
    (shard, i) => findIndex(shard, identities[i], cache, options),
    (done) => done.reduce((sum, { count }) => sum + count, 0) >= limit,
  );
}
