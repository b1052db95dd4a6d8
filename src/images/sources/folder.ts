/** Images in a folder and those below it. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { byBytes } from "../../formats/zip.ts";
import { cannotRead } from "../decode/cannot-read.ts";
import { isHiddenPart, namesToExtensions } from "../visible-names.ts";
import { namesToClasses } from "./class-labels.ts";
import { bytesToDatasetLabels, DATASET_JSON, type DatasetLabels, MAX_DATASET_JSON } from "./dataset-json.ts";
import { filesToSet, type NamedFile } from "./file-set.ts";
import type { ImageSet } from "./image-set.ts";
import { bytesToKnownKind, type KnownKind, readStart } from "./known-kinds.ts";
import { hasShardName, openShardFiles } from "./shards/open-shards.ts";
import type { ShardOptions } from "./shards/shards-to-set.ts";
import { bytesToFormat, hasImageName, isImage, SNIFF_LENGTH } from "./sniff.ts";

/** What a walk through a folder finds. */
export interface Listing {
  /** Relative to the folder, with "/" between parts, sorted by bytes. */
  readonly images: readonly NamedFile[];
  /** Shards among the other files, sorted by bytes: tar archives by their names. */
  readonly shards: readonly NamedFile[];
  /** How many files of each other extension: [".txt", 12], most first. */
  readonly others: readonly (readonly [string, number])[];
  /** The first of the other files, by name. */
  readonly firstOther?: NamedFile;
}

/** The format that a file's first bytes tell. */
export async function fileToFormat(location: string | Buffer) {
  return bytesToFormat(await readStart(location, SNIFF_LENGTH));
}

async function isImageFile(file: NamedFile): Promise<boolean> {
  if (hasImageName(file.name)) return true;
  // Files without extension are looked into; others are what they say.
  if (path.extname(file.name) !== "") return false;
  return isImage(await fileToFormat(file.path).catch(() => undefined));
}

/** A name of the file system as text. Names that are no UTF-8 are read byte by byte, so that none equals another. */
function bytesToName(bytes: Buffer): { readonly text: string; readonly isUtf8: boolean } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), isUtf8: true };
  } catch {
    return { text: bytes.toString("latin1"), isUtf8: false };
  }
}

/** Where an entry of a folder lies: as bytes where a string would be another name. */
const toPath = (folder: string | Buffer, entry: Buffer, isUtf8: boolean): string | Buffer =>
  typeof folder === "string" && isUtf8
    ? path.join(folder, entry.toString())
    : Buffer.concat([Buffer.from(folder), Buffer.from(path.sep), entry]);

/** All files below a folder. Links are followed, but not in circles. */
async function walk(
  folder: string | Buffer,
  prefix: string,
  above: readonly string[],
  found: NamedFile[],
): Promise<void> {
  const real = await realpath(folder, "latin1");
  if (above.includes(real)) return;
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: "buffer" })) {
    const { text, isUtf8 } = bytesToName(entry.name);
    if (isHiddenPart(text)) continue;
    const location = toPath(folder, entry.name, isUtf8);
    const name = prefix + text;
    const kind = entry.isSymbolicLink() ? await stat(location).catch(() => undefined) : entry;
    if (kind?.isDirectory()) await walk(location, `${name}/`, [...above, real], found);
    // A broken link is a file that cannot be read: it is reported when its turn comes.
    else if (kind === undefined || kind.isFile()) found.push({ name, path: location });
  }
}

/** Images and other files below a folder. */
async function listFolder(location: string): Promise<Listing> {
  const found: NamedFile[] = [];
  try {
    await walk(location, "", [], found);
  } catch (error) {
    throw cannotRead(location, error);
  }
  const images: NamedFile[] = [];
  const others: NamedFile[] = [];
  for (const file of found) (await isImageFile(file)) ? images.push(file) : others.push(file);
  const [firstOther] = others.sort((a, b) => byBytes(a.name, b.name));
  return {
    images: images.sort((a, b) => byBytes(a.name, b.name)),
    shards: others.filter(({ name }) => hasShardName(name)),
    others: namesToExtensions(others.map(({ name }) => name)),
    ...(firstOther && { firstOther }),
  };
}

/** The error for a place without images, saying what is there instead. */
export function noImages(
  location: string,
  others: Listing["others"],
  first?: { readonly name: string; readonly kind: KnownKind | undefined },
): GanEvalError {
  const known = first?.kind && `${first.name} is ${first.kind.what}. ${first.kind.hint} `;
  const seen = others.slice(0, 5).map(([extension, count]) => `${count} ${extension}`);
  return new GanEvalError(
    "input.no-pictures",
    `expected images in ${location}, got 0 images found${seen.length > 0 ? `; saw ${seen.join(", ")}` : "; it is empty"}`,
    {
      hint: `${known ?? ""}Images are png, jpg, gif, webp, tiff, bmp, ppm, pgm and avif files, in upper or lower case, also in subfolders.`,
    },
  );
}

async function readDatasetLabels(folder: string): Promise<DatasetLabels | undefined> {
  const location = path.join(folder, DATASET_JSON);
  const info = await stat(location).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  if (info.size > MAX_DATASET_JSON)
    return { unlabelled: `its ${DATASET_JSON} has ${info.size} bytes, more than is read` };
  try {
    return bytesToDatasetLabels(await readFile(location));
  } catch (error) {
    return { unlabelled: `its ${DATASET_JSON} cannot be read (${(error as Error).message})` };
  }
}

/**
 * Every image below a folder, sorted by name, with its class where that is known. Where there are tar archives and no
 * images, they are shards.
 */
export async function openFolder(location: string, options: ShardOptions): Promise<ImageSet> {
  const { images, shards, others, firstOther } = await listFolder(location);
  if (images.length === 0 && shards.length > 0)
    return openShardFiles(
      location,
      shards.map((shard) => String(shard.path)),
      options,
    );
  if (images.length === 0) {
    const start = firstOther && (await readStart(firstOther.path).catch(() => new Uint8Array(0)));
    const first = start && firstOther && { name: firstOther.name, kind: bytesToKnownKind(start) };
    throw noImages(location, others, first);
  }
  const names = images.map(({ name }) => name);
  const classes = namesToClasses(names, await readDatasetLabels(location));
  return filesToSet("folder", location, images, { ...options, classes });
}
