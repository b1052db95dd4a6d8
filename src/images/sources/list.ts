/** Images from a text file that lists their paths, or those of shards. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { GanEvalError } from "../../errors.ts";
import { bytesToText } from "../../formats/text.ts";
import { cannotRead } from "../decode/cannot-read.ts";
import { filesToSet } from "./file-set.ts";
import type { ImageSet } from "./image-set.ts";
import { hasShardName, openShards } from "./shards/open-shards.ts";
import type { ShardOptions } from "./shards/shards-to-set.ts";

/** Lists are read whole: this is millions of paths. */
const MAX_LIST_BYTES = 2 ** 28;

/**
 * Images by their paths, one a line, in the order of the list; empty lines are passed over. Paths are relative to
 * the list's folder, or to the current folder where the list comes from standard input (`-`). A list of tar archives, by
 * paths, patterns or addresses, is one of shards.
 */
export async function openList(
  location: string,
  options: ShardOptions & { readonly stdin: NodeJS.ReadableStream },
): Promise<ImageSet> {
  const isInput = location === "-";
  const file = location.replace(/^@/, "");
  const content = isInput
    ? bytesToText(await buffer(options.stdin), "the list on standard input")
    : bytesToText(
        await readFile(file).catch((error) => {
          throw cannotRead(file, error);
        }),
        file,
      );
  if (content.length > MAX_LIST_BYTES)
    throw new GanEvalError(
      "input.too-large",
      `expected a list of paths in ${location}, got ${content.length} characters`,
    );
  const folder = isInput ? "." : path.dirname(file);
  const names = content.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (names.length === 0)
    throw new GanEvalError(
      "input.no-pictures",
      `expected paths of images in ${location}, got an empty list`,
      {
        hint: "Write one path per line.",
      },
    );
  const binary = names.find((name) => name.includes("\0"));
  if (binary !== undefined)
    throw new GanEvalError("input.list", `expected a text file of paths in ${location}, got binary data`, {
      hint: "An image or archive is given without the @.",
    });
  const shards = names.filter(hasShardName);
  if (shards.length === names.length) return openShards(location, names, { ...options, folder });
  if (shards.length > 0)
    throw new GanEvalError(
      "input.list",
      `expected a list of images or one of shards in ${location}, got ${shards.length} of ${names.length} lines that are tar archives`,
      { hint: "Write two lists." },
    );
  const files = names.map((name) => ({ name, path: path.resolve(folder, name) }));
  return filesToSet("list", location, files, options);
}
