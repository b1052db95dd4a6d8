/** Shards by what a user writes: patterns, addresses, a list, files. */
import { access } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../../errors.ts";
import { openFetch } from "../../../files/open-fetch.ts";
import type { ImageSet } from "../image-set.ts";
import { expandBraces } from "./brace-expansion.ts";
import { fileToShard } from "./file-shard.ts";
import { HttpClient } from "./http-client.ts";
import { addressToShard } from "./http-shard.ts";
import type { Shard } from "./shard.ts";
import { type ShardOptions, shardsToSet } from "./shards-to-set.ts";
import { isWebLocation, locationToShown } from "./web-location.ts";

const SHARD_NAME = /\.(tar|tar\.gz|tgz)$/i;

/** Whether a file of a folder or list is a shard by its name. */
export const hasShardName = (name: string): boolean => SHARD_NAME.test(name) || isWebLocation(name);

const isThere = (location: string): Promise<boolean> =>
  access(location).then(
    () => true,
    () => false,
  );

/** Whether a location names shards that no single path does: an address, a list with `::`, or braces that expand. */
export async function isShardPattern(location: string): Promise<boolean> {
  if (isWebLocation(location)) return true;
  if (!/::|\{/.test(location) || (await isThere(location))) return false;
  return location.includes("::") || /\{.*(\.\.|,).*\}/s.test(location);
}

/** The names of a pattern: lists joined by `::`, each with its braces expanded. A file of the very name is meant as it is. */
async function patternToNames(pattern: string, folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const part of pattern.split("::").map((part) => part.trim())) {
    const isLiteral =
      !isWebLocation(part) && (!part.includes("{") || (await isThere(path.resolve(folder, part))));
    names.push(...(isLiteral ? [part] : expandBraces(part)));
  }
  if (!names.includes("")) return names;
  throw new GanEvalError(
    "usage.shard-pattern",
    `expected names of shards, got an empty one in ${locationToShown(pattern)}`,
    { hint: "Write {000..999} for a range and {a,b} for a list; :: stands between two patterns." },
  );
}

function badAddress(location: string): GanEvalError {
  return new GanEvalError(
    "usage.shard-pattern",
    `expected an address like https://host/000.tar, got ${locationToShown(location)}`,
    {
      hint: "Check the address.",
    },
  );
}

async function namesToShards(
  names: readonly string[],
  folder: string,
): Promise<{ readonly shards: readonly Shard[]; readonly close: () => Promise<void> }> {
  const bad = names.find((name) => isWebLocation(name) && !URL.canParse(name));
  if (bad !== undefined) throw badAddress(bad);
  const web = names.some(isWebLocation) ? await openFetch() : undefined;
  const client = web && new HttpClient(web.fetch);
  const shards = names.map((name) =>
    isWebLocation(name)
      ? addressToShard(name, client!)
      : fileToShard(path.isAbsolute(name) ? name : path.join(folder, name)),
  );
  return { shards, close: async () => web?.close() };
}

/**
 * Opens shards: of one pattern, or of several (the lines of a list), paths relative to a folder.
 * @throws GanEvalError `usage.shard-pattern`; as `shardsToSet`
 */
export async function openShards(
  location: string,
  patterns: readonly string[],
  options: ShardOptions & { readonly folder?: string },
): Promise<ImageSet> {
  const { folder = "" } = options;
  const names: string[] = [];
  for (const pattern of patterns) names.push(...(await patternToNames(pattern, folder)));
  const { shards, close } = await namesToShards(names, folder);
  try {
    const set = await shardsToSet(locationToShown(location), shards, options);
    return { ...set, close: () => set.close().finally(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens shards that are files, by their paths as they are. */
export const openShardFiles = (
  location: string,
  files: readonly string[],
  options: ShardOptions,
): Promise<ImageSet> => shardsToSet(location, files.map(fileToShard), options);
