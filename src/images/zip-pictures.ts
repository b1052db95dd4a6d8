import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { byBytes, type ZipArchive, type ZipEntry } from "../formats/zip.ts";
import { namesToClasses } from "./class-labels.ts";
import { bytesToUndecoded } from "./decode.ts";
import { MAX_FILE_BYTES } from "./file-set.ts";
import { noPictures } from "./folder.ts";
import { PictureError } from "./picture-error.ts";
import type { PictureSet } from "./picture-set.ts";
import { hasPictureName } from "./sniff.ts";

const isHidden = (name: string): boolean =>
  name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

const entriesToOthers = (entries: readonly ZipEntry[]): [string, number][] => {
  const counts = new Map<string, number>();
  for (const { name } of entries) {
    const extension = path.extname(name).toLowerCase() || "without extension";
    counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || byBytes(a, b));
};

async function readEntry(zip: ZipArchive, entry: ZipEntry): Promise<Uint8Array> {
  try {
    return await zip.read(entry, MAX_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof GanEvalError)) throw error;
    throw new PictureError(entry.name, `an entry that cannot be unpacked (${error.message})`, error);
  }
}

/** Every picture in an archive, sorted by name, read when its turn comes; class folders become labels. */
export function zipToSet(zip: ZipArchive, options: { readonly maxPixels: number }): PictureSet {
  const visible = zip.entries.filter(({ name }) => !isHidden(name));
  const entries = visible.filter(({ name }) => hasPictureName(name));
  if (entries.length === 0) throw noPictures(zip.location, entriesToOthers(visible));
  const classes = namesToClasses(entries.map(({ name }) => name));
  return {
    kind: "zip",
    location: zip.location,
    count: entries.length,
    ...classes,
    name: (position) => entries[position].name,
    read: (position) => readEntry(zip, entries[position]),
    inspect: (bytes, position) => bytesToUndecoded(bytes, entries[position].name, options.maxPixels),
    close: () => zip.close(),
  };
}
