/** Files that are no images and are often taken for some: what they are, by their first bytes, and what to do. */
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GanEvalError } from "../../errors.ts";

export interface KnownKind {
  /** Follows "got". */
  readonly what: string;
  readonly hint: string;
}

/** A tar's mark stands at 257. */
export const KIND_LENGTH = 512;

const UNPACK = "Unpack it and give the folder, or pack the images as a zip.";
const SHARD = "A tar of images is read where it is given itself, or with others as shard-{000..009}.tar.";
const TO_FILES = "Save its images as files, as an npz (uint8 [n, height, width, 3]), or as a zip.";
const CONVERT = "Convert it to PNG.";

type Row = readonly [at: number, start: string | readonly number[], what: string, hint: string];

/** In the order in which they are tried; text starts are Latin-1. */
const KINDS: readonly Row[] = [
  [257, "ustar", "a tar archive", SHARD],
  [0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive", UNPACK],
  [0, "Rar!\x1a\x07", "a RAR archive", UNPACK],
  [0, "BZh", "a bzip2 file", UNPACK],
  [0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "an xz file", UNPACK],
  [0, [0x28, 0xb5, 0x2f, 0xfd], "a zstd file", UNPACK],
  [0, "PAR1", "a Parquet file", TO_FILES],
  [0, "ARROW1", "an Arrow file", TO_FILES],
  [0, "\x89HDF\r\n\x1a\n", "an HDF5 file (.h5, .hdf5, .mat of MATLAB 7.3)", TO_FILES],
  [0, "MATLAB 5.0 MAT-file", "a MATLAB file (.mat)", TO_FILES],
  [16, [0xde, 0xc0, 0xef, 0xbe], "an LMDB database", TO_FILES],
  [0, "SQLite format 3\0", "an SQLite database", TO_FILES],
  [0, "version https://git-lfs", "a Git LFS pointer", "Fetch the file itself: git lfs pull."],
  [0, "%PDF", "a PDF", CONVERT],
  [0, "8BPS", "a Photoshop file", CONVERT],
  [0, [0x76, 0x2f, 0x31, 0x01], "an OpenEXR image", CONVERT],
  [0, "#?RADIANCE", "a Radiance image (.hdr)", CONVERT],
  [0, [0xff, 0x0a], "a JPEG XL image", CONVERT],
  [4, "JXL \r\n\x87\n", "a JPEG XL image", CONVERT],
  [4, "jP  \r\n\x87\n", "a JPEG 2000 image", CONVERT],
  [4, "ftyp", "a video", "Save its frames as images."],
  [0, [0x1a, 0x45, 0xdf, 0xa3], "a video", "Save its frames as images."],
  [0, "P7\n", "a PAM image", CONVERT],
  [0, "qoif", "a QOI image", CONVERT],
  [0, "DDS ", "a DDS texture", CONVERT],
  [0, [0, 0, 1, 0], "an icon (.ico)", CONVERT],
];

const WEB_PAGE: KnownKind = {
  what: "a web page",
  hint: "A failed download leaves one: download the file again.",
};
const SVG: KnownKind = { what: "an SVG drawing", hint: CONVERT };
const PICKLE: KnownKind = {
  what: "a Python pickle",
  hint: "Features and statistics are read from .pkl, .pt and .pth files. For CIFAR use the binary version.",
};

const startsAt = (bytes: Uint8Array, at: number, start: string | readonly number[]): boolean => {
  const wanted = typeof start === "string" ? Buffer.from(start, "latin1") : Buffer.from(start);
  return Buffer.from(bytes.subarray(at, at + wanted.length)).equals(wanted);
};

/** Protocols 2 to 5, and what can follow. */
const isPickle = (bytes: Uint8Array): boolean => bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5;

/** Tars older than POSIX's have no mark, but the sum of their header. */
function isOldTar(bytes: Uint8Array): boolean {
  if (bytes.length < KIND_LENGTH) return false;
  const stated = Number.parseInt(Buffer.from(bytes.subarray(148, 156)).toString("latin1").trim(), 8);
  let sum = 0;
  for (let i = 0; i < KIND_LENGTH; i++) sum += i >= 148 && i < 156 ? 0x20 : bytes[i];
  return stated === sum;
}

/** Whether the first `KIND_LENGTH` bytes are a tar's. */
export const isTar = (bytes: Uint8Array): boolean => startsAt(bytes, 257, "ustar") || isOldTar(bytes);

/** What the first `KIND_LENGTH` bytes say, if it is known here. */
export function bytesToKnownKind(bytes: Uint8Array): KnownKind | undefined {
  const row = KINDS.find(([at, start]) => startsAt(bytes, at, start));
  if (row) return { what: row[2], hint: row[3] };
  if (isOldTar(bytes)) return { what: "a tar archive", hint: SHARD };
  if (isPickle(bytes)) return PICKLE;
  const text = Buffer.from(bytes).toString("latin1").trimStart().toLowerCase();
  if (/^(<!doctype html|<html)/.test(text)) return WEB_PAGE;
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg/.test(text)) return SVG;
  return undefined;
}

/** The first bytes of a file. */
export async function readStart(location: string | Buffer, length = KIND_LENGTH): Promise<Uint8Array> {
  const file = await open(location, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The first bytes of what is gzipped in a file; none where it is damaged, which whoever reads all of it says. */
export async function readGzipStart(location: string, length = KIND_LENGTH): Promise<Uint8Array> {
  const file = await open(location, "r");
  const packed = file.createReadStream({ autoClose: false });
  const unpacked: Readable = packed.pipe(createGunzip());
  packed.on("error", (error) => unpacked.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= length) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  } finally {
    packed.destroy();
    unpacked.destroy();
    await file.close();
  }
  return Buffer.concat(chunks).subarray(0, length);
}

export const wrongKind = (expected: string, location: string, { what, hint }: KnownKind): GanEvalError =>
  new GanEvalError("input.unknown-kind", `expected ${expected} in ${location}, got ${what}`, { hint });

/** @throws GanEvalError `input.unknown-kind` for a file that is known to be something else */
export async function refuseKnownKind(location: string, expected: string): Promise<void> {
  const kind = bytesToKnownKind(await readStart(location));
  if (kind) throw wrongKind(expected, location, kind);
}
