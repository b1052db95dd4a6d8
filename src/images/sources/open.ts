/** Opens whatever holds pictures, by what is in it. */
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
import { generatorToSource, type PictureGenerator } from "./generator.ts";
import { openIdx, openMnistFolder, type Split } from "./idx.ts";
import { bytesToKnownKind, readGzipStart, readStart, wrongKind } from "./known-kinds.ts";
import { openList } from "./list.ts";
import { npzToSet, openNpyPictures } from "./npz-pictures.ts";
import { firstOf, type PictureSet } from "./picture-set.ts";
import { requirePositive, setToSource } from "./set-source.ts";
import { bytesToFormat, type FileFormat, hasPictureName, isPicture } from "./sniff.ts";
import { zipToSet } from "./zip-pictures.ts";

export interface OpenOptions {
  /** Unreadable pictures: an error (default), or left out and counted. */
  readonly onError?: "fail" | "skip";
  /** MNIST's and CIFAR's parts; other sources have none. The training set if left out. */
  readonly split?: Split;
  /** Only the first so many. */
  readonly limit?: number;
  /** Larger pictures are errors (default 2^28 pixels). */
  readonly maxPixels?: number;
  /** Where `-` is read from (default: this process's standard input). */
  readonly stdin?: NodeJS.ReadableStream;
}

interface Resolved {
  readonly split: Split | undefined;
  readonly maxPixels: number;
}

/** An npz has arrays and no pictures by name. */
async function archiveToSet(zip: ZipArchive, options: Resolved): Promise<PictureSet> {
  try {
    const isNpz =
      zip.entries.some(({ name }) => name.endsWith(".npy")) &&
      !zip.entries.some(({ name }) => hasPictureName(name));
    return isNpz ? await npzToSet(zip) : await zipToSet(zip, options);
  } catch (error) {
    await zip.close();
    throw error;
  }
}

const unknownKind = (location: string): GanEvalError =>
  new GanEvalError(
    "input.unknown-kind",
    `expected pictures in ${location}, got a file of a kind that is not known`,
    {
      hint: "Give a folder or zip of pictures, an IDX, CIFAR .bin or npz file, or @list.txt with one path a line.",
    },
  );

/** A part was asked of pictures that have none. */
export const noParts = (split: Split, locations: readonly string[]): GanEvalError =>
  new GanEvalError(
    "usage.split",
    `expected a folder of MNIST's or CIFAR's files for --split ${split}, got ${locations.join(" and ")}`,
    { hint: "Leave --split out, or give the part itself: its folder, or its file." },
  );

type FileOpener = (location: string, options: Resolved) => Promise<PictureSet>;

/** What a file turns out to be by its first bytes; pictures and files without a magic number are looked at below. */
const FILE_OPENERS: Partial<Record<FileFormat, FileOpener>> = {
  zip: async (location, options) => archiveToSet(await openZip(location), options),
  idx: openIdx,
  npy: openNpyPictures,
  gzip: openGzip,
};

/** Of gzipped files IDX and npy are read; what the others are is said. */
async function openGzip(location: string): Promise<PictureSet> {
  const start = await readGzipStart(location);
  const format = bytesToFormat(start);
  // What cannot be unpacked is damaged, which reading it says.
  if (format === "idx" || start.length === 0) return openIdx(location);
  if (format === "npy") return openNpyPictures(location);
  const kind = bytesToKnownKind(start);
  if (kind) throw wrongKind("pictures", location, { ...kind, what: `${kind.what}, gzipped` });
  throw wrongKind("pictures", location, {
    what: `${format === undefined ? "a file of a kind that is not known" : `a file of the kind ${format}`}, gzipped`,
    hint:
      format === undefined
        ? "Of gzipped files only IDX, npy and CIFAR .bin are read."
        : "Unpack it: gunzip FILE.gz.",
  });
}

async function openFile(location: string, options: Resolved): Promise<PictureSet> {
  const format = await fileToFormat(location).catch((error) => {
    throw cannotRead(location, error);
  });
  // CIFAR's files have no magic number: a first label 0 and a dark picture look like IDX.
  const mayBeCifar = format === undefined || format === "idx" || format === "gzip";
  if (mayBeCifar && /\.bin(\.gz)?$/i.test(location)) return openCifar(location);
  if (isPicture(format))
    return filesToSet("list", location, [{ name: path.basename(location), path: location }], options);
  const opener = format && FILE_OPENERS[format];
  if (opener) return opener(location, options);
  const kind = bytesToKnownKind(await readStart(location));
  if (kind) throw wrongKind("pictures", location, kind);
  if (/\.(zip|npz)$/i.test(location)) return archiveToSet(await openZip(location), options);
  throw unknownKind(location);
}

async function openPath(location: string, options: Resolved): Promise<PictureSet> {
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

/**
 * Opens pictures: a folder, zip, IDX or CIFAR file (or folder of these), npz, npy, one picture, `@list.txt`, `-` for a
 * list on standard input, or a generator. What a file is goes by its content before its name.
 *
 * @throws GanEvalError `input.*` for what is missing, empty, damaged, hostile or of an unknown kind; `usage.*` for
 *   options that make no sense
 */
export async function openImages(
  location: string | PictureGenerator,
  options: OpenOptions = {},
): Promise<ImageSource> {
  const { limit, split, maxPixels = DEFAULT_MAX_PIXELS } = options;
  if (limit !== undefined) requirePositive(limit, "limit");
  requirePositive(maxPixels, "max-pixels");
  if (typeof location !== "string") return generatorToSource(location, limit);
  const set =
    location === "-" || location.startsWith("@")
      ? await openList(location, { maxPixels, stdin: options.stdin ?? process.stdin })
      : await openPath(location, { split, maxPixels });
  return setToSource(firstOf(set, limit), options.onError);
}
