/** NumPy's archives (.npz): a zip of npy files, stored (numpy.savez) or deflated (numpy.savez_compressed). */
import { isCode } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import {
  bytesToNpy,
  bytesToNpyHeader,
  type NpyArray,
  type NpyHeader,
  npyHeaderLength,
  npyToBytes,
  requireWholeNpy,
} from "./npy.ts";
import { bytesToNpyText, npyTextToBytes } from "./npy-text.ts";
import { openZip, type ZipArchive, type ZipEntry } from "./zip.ts";
import { filesToZip } from "./zip-writer.ts";

/** An array in an npz, without its data. */
export interface NpzListing {
  /** The name without `.npy`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** NumPy's name without byte order: `f4`, `u1`. */
  readonly type: string;
  readonly header: NpyHeader;
  readonly entry: ZipEntry;
}

const entryToName = (entry: ZipEntry): string => entry.name.replace(/\.npy$/, "");

const isArray = (entry: ZipEntry): boolean => entry.name.endsWith(".npy");

async function readHeader(zip: ZipArchive, entry: ZipEntry): Promise<NpyHeader> {
  const name = `${entry.name} of ${zip.location}`;
  let start = await zip.readStart(entry, 4096);
  const needed = npyHeaderLength(start, name);
  if (needed !== undefined && needed > start.length) start = await zip.readStart(entry, needed);
  const header = bytesToNpyHeader(start, name);
  requireWholeNpy(header, entry.size, name);
  return header;
}

/** Text and objects stand beside numbers in the files of some programs (dgm-eval's `model` and `hparams`). */
const notNumbers = (error: unknown): undefined => {
  if (isCode(error, "input.npy-dtype")) return undefined;
  throw error;
};

/** The arrays of numbers in an open archive; only their first kilobytes are read. */
export async function listNpzArrays(zip: ZipArchive): Promise<NpzListing[]> {
  const listings: NpzListing[] = [];
  for (const entry of zip.entries.filter(isArray)) {
    const header = await readHeader(zip, entry).catch(notNumbers);
    if (header === undefined) continue;
    listings.push({ name: entryToName(entry), shape: header.shape, type: header.type, header, entry });
  }
  return listings;
}

async function withZip<T>(location: string, use: (zip: ZipArchive) => Promise<T>): Promise<T> {
  const zip = await openZip(location);
  try {
    return await use(zip);
  } finally {
    await zip.close();
  }
}

/** Names, shapes and types of the arrays, sorted by name; for choosing by key. Arrays of text and objects are left out. */
export const listNpz = (location: string): Promise<NpzListing[]> => withZip(location, listNpzArrays);

export interface ReadNpzOptions {
  /** Read only these names; one that is not there is no error, it is missing from the result. */
  readonly only?: readonly string[];
}

/**
 * Reads arrays by name. Entries that are not npy files, and arrays of text or objects that were not asked for by
 * name, are passed over.
 * @throws GanEvalError `input.cannot-read`, `input.zip`, `input.npy`, `input.npy-dtype`, `input.too-large` (2 GiB)
 */
export function readNpz(location: string, options: ReadNpzOptions = {}): Promise<Map<string, NpyArray>> {
  return withZip(location, async (zip) => {
    const arrays = new Map<string, NpyArray>();
    for (const entry of zip.entries.filter(isArray)) {
      const name = entryToName(entry);
      if (options.only ? !options.only.includes(name) : !(await readHeader(zip, entry).catch(notNumbers)))
        continue;
      arrays.set(name, bytesToNpy(await zip.read(entry), `${entry.name} of ${location}`));
    }
    return arrays;
  });
}

/** A name or the like is read no longer than this, in bytes. */
const MAX_TEXT = 2 ** 20;

/** The string under a name, or undefined where there is none: arrays and whatever else are no strings. */
export function readNpzText(location: string, name: string): Promise<string | undefined> {
  return withZip(location, async (zip) => {
    const entry = zip.entries.find((candidate) => candidate.name === `${name}.npy`);
    if (entry === undefined || entry.size > MAX_TEXT) return undefined;
    return bytesToNpyText(await zip.read(entry), `${entry.name} of ${location}`);
  });
}

/**
 * Writes arrays, and strings as NumPy's text, as numpy.savez does, in the order of the map. The same arrays give the
 * same bytes. Atomic.
 */
export async function writeNpz(
  location: string,
  arrays: ReadonlyMap<string, NpyArray | string>,
): Promise<void> {
  function* files() {
    for (const [name, array] of arrays)
      yield {
        name: `${name}.npy`,
        bytes: typeof array === "string" ? npyTextToBytes(array) : npyToBytes(array),
      };
  }
  await writeFileAtomically(location, filesToZip(files()));
}
