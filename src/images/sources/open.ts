/** Opens whatever holds images, by what is in it. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { openZip, type ZipArchive } from "../../formats/zip.ts";
import { cannotRead } from "../decode/cannot-read.ts";
import { DEFAULT_MAX_PIXELS } from "../decode/decode.ts";
import type { ImageSource } from "../source.ts";
import { openCifar, openCifarFolder } from "./cifar.ts";
import { filesToSet } from "./file-set.ts";
import { fileToFormat, openFolder } from "./folder.ts";
import { generatorToSource, type ImageGenerator } from "./generator.ts";
import { openIdx, openMnistFolder, type Split } from "./idx.ts";
import { firstOf, type ImageSet } from "./image-set.ts";
import { bytesToKnownKind, isTar, readGzipStart, readStart, wrongKind } from "./known-kinds.ts";
import { openList } from "./list.ts";
import { npzToSet, openNpyImages } from "./npz-images.ts";
import { requirePositive, setToSource } from "./set-source.ts";
import { hasShardName, isShardPattern, openShardFiles, openShards } from "./shards/open-shards.ts";
import { textToImageKeys } from "./shards/sample-members.ts";
import type { ShardOptions } from "./shards/shards-to-set.ts";
import { bytesToFormat, type FileFormat, hasImageName, isImage } from "./sniff.ts";
import { zipToSet } from "./zip-images.ts";

export interface OpenOptions {
  /** Unreadable images: an error (default), or left out and counted. */
  readonly onError?: "fail" | "skip";
  /** MNIST's and CIFAR's parts; other sources have none. The training set if left out. */
  readonly split?: Split;
  /** Only the first so many. */
  readonly limit?: number;
  /** Of shards: the extension of a sample's image, or several, `jpg;png`; the only one if left out. */
  readonly imageKey?: string;
  /** Folder in which indexes of shards are kept; they are made each time if left out. */
  readonly cacheFolder?: string;
  /** Larger images are errors (default 2^28 pixels). */
  readonly maxPixels?: number;
  /** Where `-` is read from (default: this process's standard input). */
  readonly stdin?: NodeJS.ReadableStream;
}

interface Resolved extends ShardOptions {
  readonly split: Split | undefined;
}

/** An npz has arrays and no images by name. */
async function archiveToSet(zip: ZipArchive, options: Resolved): Promise<ImageSet> {
  try {
    const isNpz =
      zip.entries.some(({ name }) => name.endsWith(".npy")) &&
      !zip.entries.some(({ name }) => hasImageName(name));
    return isNpz ? await npzToSet(zip) : await zipToSet(zip, options);
  } catch (error) {
    await zip.close();
    throw error;
  }
}

const unknownKind = (location: string): GanEvalError =>
  new GanEvalError("input.unknown-kind", `expected images in ${location}, got a file of an unknown kind`, {
    hint: "Give a folder, zip or tar of images, an IDX, CIFAR .bin or npz file, or @list.txt with one path per line.",
  });

/** A part was asked of images that have none. */
export const noParts = (split: Split, locations: readonly string[]): GanEvalError =>
  new GanEvalError(
    "usage.split",
    `expected a folder of MNIST's or CIFAR's files for --split ${split}, got ${locations.join(" and ")}`,
    { hint: "Leave --split out, or give the folder or file of that part." },
  );

type FileOpener = (location: string, options: Resolved) => Promise<ImageSet>;

/** What a file turns out to be by its first bytes; images and files without a magic number are looked at below. */
const FILE_OPENERS: Partial<Record<FileFormat, FileOpener>> = {
  zip: async (location, options) => archiveToSet(await openZip(location), options),
  idx: openIdx,
  npy: openNpyImages,
  gzip: openGzip,
};

/** Of gzipped files IDX, npy and tar are read; what the others are is said. */
async function openGzip(location: string, options: Resolved): Promise<ImageSet> {
  const start = await readGzipStart(location);
  if (isTar(start)) return openShardFiles(location, [location], options);
  const format = bytesToFormat(start);
  // What cannot be unpacked is damaged, which reading it says.
  if (format === "idx" || start.length === 0) return openIdx(location);
  if (format === "npy") return openNpyImages(location);
  const kind = bytesToKnownKind(start);
  if (kind) throw wrongKind("images", location, { ...kind, what: `${kind.what}, gzipped` });
  throw wrongKind("images", location, {
    what: `${format === undefined ? "a file of an unknown kind" : `a file of the kind ${format}`}, gzipped`,
    hint:
      format === undefined
        ? "Only IDX, npy, tar and CIFAR .bin files can be gzipped."
        : "Unpack it: gunzip FILE.gz.",
  });
}

async function openFile(location: string, options: Resolved): Promise<ImageSet> {
  const format = await fileToFormat(location).catch((error) => {
    throw cannotRead(location, error);
  });
  // CIFAR's files have no magic number: a first label 0 and a dark image look like IDX.
  const mayBeCifar = format === undefined || format === "idx" || format === "gzip";
  if (mayBeCifar && /\.bin(\.gz)?$/i.test(location)) return openCifar(location);
  if (isImage(format))
    return filesToSet("list", location, [{ name: path.basename(location), path: location }], options);
  const opener = format && FILE_OPENERS[format];
  if (opener) return opener(location, options);
  const start = await readStart(location);
  if (isTar(start)) return openShardFiles(location, [location], options);
  const kind = bytesToKnownKind(start);
  if (kind) throw wrongKind("images", location, kind);
  // An archive of nothing has no mark.
  if (hasShardName(location)) return openShardFiles(location, [location], options);
  if (/\.(zip|npz)$/i.test(location)) return archiveToSet(await openZip(location), options);
  throw unknownKind(location);
}

async function openPath(location: string, options: Resolved): Promise<ImageSet> {
  const info = await stat(location).catch((error) => {
    throw cannotRead(location, error);
  });
  if (!info.isDirectory()) return openFile(location, options);
  return (
    (await openMnistFolder(location, options.split)) ??
    (await openCifarFolder(location, options.split)) ??
    (await openFolder(location, options))
  );
}

async function openLocation(
  location: string,
  options: Resolved,
  stdin: NodeJS.ReadableStream,
): Promise<ImageSet> {
  if (location === "-" || location.startsWith("@")) return openList(location, { ...options, stdin });
  if (await isShardPattern(location)) return openShards(location, [location], options);
  return openPath(location, options);
}

/**
 * Opens images: a folder, zip, IDX or CIFAR file (or folder of these), npz, npy, shards (a tar, a folder of tars,
 * `shard-{000..999}.tar`, their addresses), one image, `@list.txt`, `-` for a list on standard input, or a generator. What a file is goes by its content before its name.
 *
 * @throws GanEvalError `input.*` for what is missing, empty, damaged, hostile or of an unknown kind; `usage.*` for
 *   options that make no sense
 */
export async function openImages(
  location: string | ImageGenerator,
  options: OpenOptions = {},
): Promise<ImageSource> {
  const { limit, split, imageKey, cacheFolder, onError = "fail", maxPixels = DEFAULT_MAX_PIXELS } = options;
  if (limit !== undefined) requirePositive(limit, "limit");
  requirePositive(maxPixels, "max-pixels");
  if (typeof location !== "string") return generatorToSource(location, limit);
  const resolved = {
    ...{
      split,
      maxPixels,
      onError,
      imageKeys: imageKey === undefined ? undefined : textToImageKeys(imageKey),
    },
    ...(limit !== undefined && { limit }),
    ...(cacheFolder !== undefined && { cacheFolder }),
  };
  const set = await openLocation(location, resolved, options.stdin ?? process.stdin);
  return setToSource(firstOf(set, limit), onError);
}
