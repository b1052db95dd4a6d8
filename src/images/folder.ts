import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { byBytes } from "../formats/zip.ts";
import { cannotRead } from "./cannot-read.ts";
import { namesToClasses } from "./class-labels.ts";
import { filesToSet, type NamedFile } from "./file-set.ts";
import type { PictureSet } from "./picture-set.ts";
import { bytesToFormat, hasPictureName, isPicture, SNIFF_LENGTH } from "./sniff.ts";

/** What a walk through a folder finds. */
export interface Listing {
  /** Relative to the folder, with "/" between parts, sorted by bytes. */
  readonly pictures: readonly NamedFile[];
  /** How many files of each other extension: [".txt", 12], most first. */
  readonly others: readonly (readonly [string, number])[];
}

/** Hidden files and what archivers of macOS leave behind. */
const isHidden = (name: string): boolean => name.startsWith(".") || name === "__MACOSX";

/** The format that a file's first bytes tell. */
export async function fileToFormat(location: string) {
  const file = await open(location, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_LENGTH), 0, SNIFF_LENGTH, 0);
    return bytesToFormat(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function isPictureFile(file: NamedFile): Promise<boolean> {
  if (hasPictureName(file.name)) return true;
  // Files without extension are looked into; others are what they say.
  if (path.extname(file.name) !== "") return false;
  return isPicture(await fileToFormat(file.path).catch(() => undefined));
}

/** All files below a folder. Links are followed, but not in circles. */
async function walk(
  folder: string,
  prefix: string,
  above: readonly string[],
  found: NamedFile[],
): Promise<void> {
  const real = await realpath(folder);
  if (above.includes(real)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (isHidden(entry.name)) continue;
    const location = path.join(folder, entry.name);
    const name = prefix + entry.name;
    const kind = entry.isSymbolicLink() ? await stat(location).catch(() => undefined) : entry;
    if (kind?.isDirectory()) await walk(location, `${name}/`, [...above, real], found);
    // A broken link is a file that cannot be read: it is reported when its turn comes.
    else if (kind === undefined || kind.isFile()) found.push({ name, path: location });
  }
}

/** Pictures and other files below a folder. */
export async function listFolder(location: string): Promise<Listing> {
  const found: NamedFile[] = [];
  try {
    await walk(location, "", [], found);
  } catch (error) {
    throw cannotRead(location, error);
  }
  const pictures: NamedFile[] = [];
  const others = new Map<string, number>();
  for (const file of found) {
    if (await isPictureFile(file)) pictures.push(file);
    else {
      const extension = path.extname(file.name).toLowerCase() || "without extension";
      others.set(extension, (others.get(extension) ?? 0) + 1);
    }
  }
  return {
    pictures: pictures.sort((a, b) => byBytes(a.name, b.name)),
    others: [...others].sort(([a, m], [b, n]) => n - m || byBytes(a, b)),
  };
}

/** The error for a place without pictures, saying what is there instead. */
export function noPictures(location: string, others: Listing["others"]): GanEvalError {
  const seen = others.slice(0, 5).map(([extension, count]) => `${count} ${extension}`);
  return new GanEvalError(
    "input.no-pictures",
    `expected pictures in ${location}, got 0 images found${seen.length > 0 ? `; saw ${seen.join(", ")}` : "; it is empty"}`,
    {
      hint: "Pictures are png, jpg, gif, webp, tiff, bmp, ppm, pgm and avif files, in any case, also in sub-folders.",
    },
  );
}

/** Every picture below a folder, sorted by name; class folders become labels. */
export async function openFolder(
  location: string,
  options: { readonly maxPixels: number },
): Promise<PictureSet> {
  const { pictures, others } = await listFolder(location);
  if (pictures.length === 0) throw noPictures(location, others);
  const classes = namesToClasses(pictures.map(({ name }) => name));
  return filesToSet("folder", location, pictures, { ...options, ...(classes && { classes }) });
}
