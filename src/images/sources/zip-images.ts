/** Images in a zip archive. */
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import type { ZipArchive, ZipEntry } from "../../formats/zip.ts";
import { bytesToUndecoded } from "../decode/decode.ts";
import { ImageError } from "../decode/image-error.ts";
import { isHidden, namesToExtensions } from "../visible-names.ts";
import { namesToClasses, namesToRoot } from "./class-labels.ts";
import { bytesToDatasetLabels, DATASET_JSON, type DatasetLabels, MAX_DATASET_JSON } from "./dataset-json.ts";
import { MAX_FILE_BYTES } from "./file-set.ts";
import { noImages } from "./folder.ts";
import type { ImageSet } from "./image-set.ts";
import { bytesToFormat, hasImageName, isImage, SNIFF_LENGTH } from "./sniff.ts";

async function readEntry(zip: ZipArchive, entry: ZipEntry): Promise<Uint8Array> {
  try {
    return await zip.read(entry, MAX_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof GanEvalError)) throw error;
    throw new ImageError(entry.name, `an entry that does not unpack (${error.message})`, error);
  }
}

/** As in folders: files without extension are looked into, others are what they say. */
async function isImageEntry(zip: ZipArchive, entry: ZipEntry): Promise<boolean> {
  if (hasImageName(entry.name)) return true;
  if (path.extname(entry.name) !== "") return false;
  return isImage(bytesToFormat(await zip.readStart(entry, SNIFF_LENGTH)));
}

async function readDatasetLabels(
  zip: ZipArchive,
  entries: readonly ZipEntry[],
  root: string,
): Promise<DatasetLabels | undefined> {
  const entry = entries.find(({ name }) => name === `${root}${DATASET_JSON}`);
  return entry && bytesToDatasetLabels(await zip.read(entry, MAX_DATASET_JSON));
}

/** Every image in an archive, sorted by name, read when its turn comes, with its class where that is known. */
export async function zipToSet(zip: ZipArchive, options: { readonly maxPixels: number }): Promise<ImageSet> {
  const visible = zip.entries.filter(({ name }) => !isHidden(name));
  const entries: ZipEntry[] = [];
  for (const entry of visible) if (await isImageEntry(zip, entry)) entries.push(entry);
  if (entries.length === 0) throw noImages(zip.location, namesToExtensions(visible.map(({ name }) => name)));
  // Packing a folder puts it into the archive; its images are called as they are within it.
  const isLabelled = visible.some(({ name }) => name === DATASET_JSON);
  const root = isLabelled ? "" : namesToRoot(entries.map(({ name }) => name));
  const names = entries.map(({ name }) => name.slice(root.length));
  return {
    kind: "zip",
    location: zip.location,
    count: entries.length,
    ...namesToClasses(names, await readDatasetLabels(zip, visible, root)),
    name: (position) => entries[position].name,
    read: (position) => readEntry(zip, entries[position]),
    inspect: (bytes, position) => bytesToUndecoded(bytes, entries[position].name, options.maxPixels),
    close: () => zip.close(),
  };
}
