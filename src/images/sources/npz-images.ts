/** Images in NumPy's files: `arr_0` uint8 [n, height, width, channels] of an npz (as ADM's samples), or one npy. */
import { GanEvalError } from "../../errors.ts";
import { bytesToNpyHeader, npyHeaderLength } from "../../formats/npy.ts";
import { listNpzArrays, type NpzListing, readNpz } from "../../formats/npz.ts";
import type { ZipArchive, ZipEntry } from "../../formats/zip.ts";
import { type ByteFile, openByteFile, streamToByteFile } from "./byte-file.ts";
import { chooseImages, headerToRecords } from "./image-arrays.ts";
import type { ImageSet } from "./image-set.ts";
import { recordsToSet } from "./record-set.ts";

/** A stored entry is read in place; a deflated one is unpacked, into a temporary file if it is large. */
async function entryToByteFile(zip: ZipArchive, entry: ZipEntry): Promise<ByteFile> {
  if (!entry.stored) return streamToByteFile(await zip.stream(entry), `${entry.name} of ${zip.location}`);
  return {
    size: entry.size,
    read: (start, length) => zip.readPart(entry, start, length),
    close: async () => {},
  };
}

/** ADM's class-conditional samples have their labels in arr_1. */
async function readLabels(listings: readonly NpzListing[], location: string, count: number) {
  const labels = listings.find(
    ({ name, header }) =>
      (name === "arr_1" || name === "labels") && header.shape.length === 1 && /^[iu]/.test(header.type),
  );
  if (labels === undefined) return undefined;
  if (labels.shape[0] !== count)
    throw new GanEvalError(
      "input.label-count",
      `expected ${count} labels, one an image, in ${labels.name} of ${location}, got ${labels.shape[0]}`,
      { hint: "The file is of two sets; if the numbers are no labels, give them another name." },
    );
  const { data } = (await readNpz(location, { only: [labels.name] })).get(labels.name)!;
  return Int32Array.from(data as ArrayLike<number>, Number);
}

/** The images of an npz; takes over the archive, which is closed with the set. */
export async function npzToSet(zip: ZipArchive): Promise<ImageSet> {
  const listings = await listNpzArrays(zip);
  const { entry, header } = chooseImages(listings, zip.location);
  const file = await entryToByteFile(zip, entry);
  const location = `${entry.name} of ${zip.location}`;
  try {
    const records = await headerToRecords(header, file, location);
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

/** The images of an npy file, read in place. */
export async function openNpyImages(location: string): Promise<ImageSet> {
  const file = await openByteFile(location);
  try {
    const start = await file.read(0, Math.min(file.size, 4096));
    const length = npyHeaderLength(start, location) ?? 0;
    const head = length > start.length && length <= file.size ? await file.read(0, length) : start;
    const records = await headerToRecords(bytesToNpyHeader(head, location), file, location);
    return recordsToSet("npz", location, [records], undefined, () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}
