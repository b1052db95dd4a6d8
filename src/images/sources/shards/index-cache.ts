/**
 * Indexes of shards kept in the cache folder: `shards/<key>.json`, the key of where a shard lies and what its pictures
 * are. One of another size or mark than the shard's is made anew. No address stands in it.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../../../files/atomic-file.ts";
import type { ShardIdentity } from "./shard.ts";
import { DIGEST_LENGTH, indexToParts, partsToIndex, type ShardIndex } from "./shard-index.ts";

/** Raised when an index of before would say something else. */
const SCHEMA = 1;

const INTEGERS = z.array(z.int());
const KEPT = z
  .object({
    schema: z.literal(SCHEMA),
    size: z.int(),
    mark: z.string(),
    names: z.array(z.string()),
    offsets: INTEGERS,
    sizes: INTEGERS,
    words: z.array(z.string()),
    wordOf: INTEGERS,
    digests: z.base64().optional(),
  })
  .refine(({ names, offsets, sizes, wordOf }) =>
    [offsets, sizes, wordOf].every((column) => column.length === names.length),
  );

const toFile = (cacheFolder: string, place: string, imageKeys: readonly string[] | undefined): string => {
  const key = createHash("sha256")
    .update(JSON.stringify([SCHEMA, place, imageKeys ?? null]))
    .digest("hex");
  return path.join(cacheFolder, "shards", `${key}.json`);
};

export interface IndexCache {
  find(place: string, identity: ShardIdentity): Promise<ShardIndex | undefined>;
  keep(place: string, identity: ShardIdentity, index: ShardIndex): Promise<void>;
}

/** A cache that cannot be read or written is one without entries: an index is quickly made again. */
export const openIndexCache = (
  cacheFolder: string,
  imageKeys: readonly string[] | undefined,
): IndexCache => ({
  async find(place, { size, mark }) {
    if (size === undefined || mark === undefined) return undefined;
    const text = await readFile(toFile(cacheFolder, place, imageKeys), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      const { digests, ...kept } = KEPT.parse(JSON.parse(text));
      if (kept.size !== size || kept.mark !== mark) return undefined;
      const bytes = digests === undefined ? undefined : Buffer.from(digests, "base64");
      if (bytes && bytes.length !== kept.names.length * DIGEST_LENGTH) return undefined;
      return partsToIndex({ ...kept, ...(bytes && { digests: bytes }) });
    } catch {
      return undefined;
    }
  },
  async keep(place, { size, mark }, index) {
    if (size === undefined || mark === undefined || index.damage) return;
    const { digests, damage: _, ...parts } = indexToParts(index);
    const kept: z.input<typeof KEPT> = {
      schema: SCHEMA,
      size,
      mark,
      ...{ names: [...parts.names], offsets: [...parts.offsets], sizes: [...parts.sizes] },
      ...{ words: [...parts.words], wordOf: [...parts.wordOf] },
      ...(digests && { digests: Buffer.from(digests).toString("base64") }),
    };
    const file = toFile(cacheFolder, place, imageKeys);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomically(file, [Buffer.from(JSON.stringify(kept))]);
    } catch {}
  },
});
