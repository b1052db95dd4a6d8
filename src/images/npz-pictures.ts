/** Pictures in NumPy's files: `arr_0` uint8 [n, height, width, channels] of an npz (as ADM's samples), or one npy. */
import { GanEvalError } from "../errors.ts";
import { bytesToNpyHeader, type NpyHeader, npyHeaderLength, requireWholeNpy } from "../formats/npy.ts";
import { listNpzArrays, type NpzListing, readNpz } from "../formats/npz.ts";
import type { ZipArchive, ZipEntry } from "../formats/zip.ts";
import { type ByteFile, openByteFile, streamToByteFile } from "./byte-file.ts";
import type { PictureSet } from "./picture-set.ts";
import { type RecordFile, recordsToSet } from "./record-set.ts";

/** Names under which pictures are kept, tried in this order; then the first array that can be pictures. */
const PICTURE_KEYS = ["arr_0", "images", "samples", "x"];

/** A stored entry is read in place; a deflated one is unpacked, into a temporary file if it is large. */
async function entryToByteFile(zip: ZipArchive, entry: ZipEntry): Promise<ByteFile> {
  if (!entry.stored) return streamToByteFile(await zip.stream(entry), `${entry.name} of ${zip.location}`);
  return {
    size: entry.size,
    read: (start, length) => zip.readPart(entry, start, length),
    close: async () => {},
  };
}

const describe = (header: NpyHeader): string => `${header.type} [${header.shape.join(", ")}]`;

/** `[n, h, w]` or `[n, h, w, c]`, whole numbers 0..255, rows last to first as C does. */
function headerToRecords(header: NpyHeader, file: ByteFile, location: string): RecordFile {
  const [count, height, width, channels = 1] = header.shape;
  const axes = header.shape.length;
  if (header.type !== "u1")
    throw new GanEvalError(
      "input.npz-pictures",
      `expected uint8 pictures 0..255 in ${location}, got ${describe(header)}`,
      {
        hint: "For values in [-1, 1] save (x * 127.5 + 128).clip(0, 255).astype(numpy.uint8).",
      },
    );
  if (axes < 3 || axes > 4 || channels < 1 || channels > 4 || header.fortranOrder)
    throw new GanEvalError(
      "input.npz-pictures",
      `expected pictures [n, height, width, channels] in C order in ${location}, got ${describe(header)}${header.fortranOrder ? " in Fortran order" : ""}`,
      { hint: "For [n, channels, height, width] save numpy.ascontiguousarray(x.transpose(0, 2, 3, 1))." },
    );
  if (count * height * width === 0)
    throw new GanEvalError("input.no-pictures", `expected pictures in ${location}, got ${describe(header)}`);
  const stride = height * width * channels;
  requireWholeNpy(header, file.size, location);
  return {
    file,
    count,
    start: header.dataStart,
    stride,
    skip: 0,
    width,
    height,
    channels,
    planar: false,
    prefix: "",
  };
}

const canBePictures = ({ header }: NpzListing): boolean => header.type === "u1" && header.shape.length >= 3;

function choosePictures(listings: readonly NpzListing[], location: string): NpzListing {
  const named = PICTURE_KEYS.map((key) => listings.find(({ name }) => name === key));
  const chosen = named.find((listing) => listing !== undefined) ?? listings.find(canBePictures);
  if (chosen) return chosen;
  const got =
    listings.map(({ name, header }) => `${name}: ${describe(header)}`).join("; ") || "no arrays of numbers";
  throw new GanEvalError(
    "input.no-pictures",
    `expected an array arr_0 of pictures in ${location}, got ${got}`,
    {
      hint: "Save them with numpy.savez(file, pictures): uint8 [n, height, width, 3].",
    },
  );
}

/** ADM's class-conditional samples have their labels in arr_1. */
async function readLabels(listings: readonly NpzListing[], location: string, count: number) {
  const labels = listings.find(
    ({ name, header }) =>
      (name === "arr_1" || name === "labels") &&
      header.shape.join() === `${count}` &&
      /^[iu]/.test(header.type),
  );
  if (labels === undefined) return undefined;
  const { data } = (await readNpz(location, { only: [labels.name] })).get(labels.name)!;
  return Int32Array.from(data as ArrayLike<number>, Number);
}

/** The pictures of an npz; takes over the archive, which is closed with the set. */
export async function npzToSet(zip: ZipArchive): Promise<PictureSet> {
  const listings = await listNpzArrays(zip);
  const { entry, header } = choosePictures(listings, zip.location);
  const file = await entryToByteFile(zip, entry);
  const location = `${entry.name} of ${zip.location}`;
  try {
    const records = headerToRecords(header, file, location);
    const labels = await readLabels(listings, zip.location, records.count);
    return recordsToSet("npz", zip.location, [records], labels, async () => {
      await file.close();
      await zip.close();
    });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The pictures of an npy file, read in place. */
export async function openNpyPictures(location: string): Promise<PictureSet> {
  const file = await openByteFile(location);
  try {
    const start = await file.read(0, Math.min(file.size, 4096));
    const length = npyHeaderLength(start, location) ?? 0;
    const head = length > start.length && length <= file.size ? await file.read(0, length) : start;
    const records = headerToRecords(bytesToNpyHeader(head, location), file, location);
    return recordsToSet("npz", location, [records], undefined, () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}
