/** Makes the index of a shard: by its headers alone where it can be stepped through, else as it streams by. */
import { createHash } from "node:crypto";
import { isGzipError } from "../../../formats/gzip.ts";
import type { TarBytes } from "../../../formats/tar-bytes.ts";
import { TarError, type TarMember, walkTar } from "../../../formats/tar-members.ts";
import {
  bytesToLabel,
  isPicture,
  LABELS,
  type Member,
  nameToSample,
  SampleGrouper,
  type SampleName,
} from "./sample-members.ts";
import { IndexBuilder, type ShardDamage, type ShardIndex } from "./shard-index.ts";

/** Labels are small; larger ones are descriptions of something else. */
const MOST_LABEL_BYTES = 2 ** 20;

export interface IndexRequest {
  readonly location: string;
  readonly imageKeys: readonly string[] | undefined;
  /** Whether the bytes of pictures go by anyway, so that their sha256 are taken. */
  readonly withDigests: boolean;
}

async function takeContent(bytes: TarBytes, { name, offset, size }: TarMember, location: string) {
  const content = await bytes.take(size);
  if (content === undefined) throw new TarError(location, `the end of the data within ${name}`, offset);
  return content;
}

async function readMember(
  bytes: TarBytes,
  found: TarMember,
  { extension }: SampleName,
  { location, imageKeys, withDigests }: IndexRequest,
): Promise<Member> {
  const { name, offset, size } = found;
  if (withDigests && isPicture(extension, imageKeys)) {
    const content = await takeContent(bytes, found, location);
    return { name, offset, size, digest: createHash("sha256").update(content).digest() };
  }
  if (!LABELS.has(extension) || size > MOST_LABEL_BYTES) return { name, offset, size };
  const label = bytesToLabel(extension, await takeContent(bytes, found, location));
  return { name, offset, size, ...(label !== undefined && { label }) };
}

/** What ends an archive too early; other errors are none of its. */
function errorToDamage(error: unknown, bytes: TarBytes, unfinished: TarMember | undefined): ShardDamage {
  const name = unfinished && { name: unfinished.name };
  if (error instanceof TarError) return { what: error.what, at: error.at, ...name };
  if (isGzipError(error)) return { what: (error as Error).message, at: bytes.at, ...name };
  throw error;
}

/**
 * The pictures of a shard. An archive that is cut off or damaged gives those before, and says where it is not whole.
 * @throws GanEvalError `input.shard-sample`; what `bytes` throws
 */
export async function indexShard(bytes: TarBytes, request: IndexRequest): Promise<ShardIndex> {
  const grouper = new SampleGrouper(request.location, request.imageKeys);
  const index = new IndexBuilder();
  let unfinished: TarMember | undefined;
  let taken: string | undefined;
  try {
    for await (const found of walkTar(bytes, request.location)) {
      unfinished = found;
      taken = undefined;
      const sample = found.isFile ? nameToSample(found.name) : undefined;
      if (sample === undefined) continue;
      const member = await readMember(bytes, found, sample, request);
      index.add(grouper.add(sample, member));
      taken = sample.extension;
    }
  } catch (error) {
    const isWhole = unfinished === undefined || bytes.at >= unfinished.offset + unfinished.size;
    const damage = errorToDamage(error, bytes, isWhole ? undefined : unfinished);
    if (!isWhole && taken !== undefined) grouper.drop(taken);
    index.add(grouper.end());
    return index.finish(damage);
  }
  index.add(grouper.end());
  return index.finish();
}
