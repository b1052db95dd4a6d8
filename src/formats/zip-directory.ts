/** The directory of a zip archive: every entry that it holds, checked before anything is read. */
import type * as Yauzl from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { GanEvalError } from "../errors.ts";
import { entryToName, isFolderEntry } from "./zip-names.ts";
import type { ZipReader } from "./zip-reader.ts";

/** DEFLATE packs at most 1,032 to 1 (258 bytes in two bits); a directory that claims more lies. */
const MAX_RATIO = 1032;

export const STORED = 0;
const DEFLATED = 8;

/** What an entry of the directory begins with. */
const ENTRY_SIGNATURE = 0x02014b50;

export const damagedZip = (location: string, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.zip", `expected a zip archive in ${location}, got ${what}`, {
    hint: "The file is damaged, truncated or of another kind; make or copy it again.",
    cause,
  });

function refuseUnreadable(entry: Entry, name: string, location: string): void {
  if (entry.isEncrypted())
    throw new GanEvalError(
      "input.zip-encrypted",
      `expected readable files, got the encrypted ${name} in ${location}`,
      { hint: "Unpack the archive with its password and pass the folder." },
    );
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw new GanEvalError(
      "input.zip-method",
      `expected stored or deflated files, got compression method ${entry.compressionMethod} for ${name} in ${location}`,
      { hint: "Pack the files again with ordinary zip settings." },
    );
  if (entry.uncompressedSize > entry.compressedSize * MAX_RATIO + 64)
    throw damagedZip(
      location,
      `${name} that claims ${entry.uncompressedSize} bytes from ${entry.compressedSize}`,
    );
}

/** Archives whose files share their data unpack to far more than they hold: a known bomb. */
function refuseOverlaps(entries: readonly (readonly [string, Entry])[], location: string): void {
  const byOffset = [...entries].sort(
    ([, a], [, b]) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  for (let i = 1; i < byOffset.length; i++) {
    const [name, before] = byOffset[i - 1];
    const [next, { relativeOffsetOfLocalHeader }] = byOffset[i];
    if (before.relativeOffsetOfLocalHeader + 30 + before.compressedSize > relativeOffsetOfLocalHeader)
      throw damagedZip(location, `files that overlap (${name} and ${next})`);
  }
}

/** How far yauzl has read: fields that its types leave out. */
interface Reading {
  readonly readEntryCursor: number;
  readonly entriesRead: number;
  entryCount: number;
}

const toReading = (zip: ZipFile): Reading => zip as unknown as Reading;

/**
 * The count of an archive without ZIP64 records has 16 bits: macOS's Archive Utility and others let it wrap. Whether
 * there is one entry more is what stands after the last.
 */
async function countOneMore(zip: Reading, reader: ZipReader): Promise<void> {
  if (zip.entriesRead !== zip.entryCount) return;
  const bytes = await reader.peek(zip.readEntryCursor, 4);
  if (bytes.length === 4 && bytes.readUInt32LE(0) === ENTRY_SIGNATURE) zip.entryCount++;
}

async function listEntries(yauzl: typeof Yauzl, zip: ZipFile, reader: ZipReader, location: string) {
  const found: (readonly [name: string, Entry])[] = [];
  const reading = toReading(zip);
  try {
    await countOneMore(reading, reader);
    for await (const entry of zip.eachEntry()) {
      if (!isFolderEntry(entry)) found.push([entryToName(yauzl, entry, location), entry]);
      await countOneMore(reading, reader);
    }
  } catch (error) {
    if (error instanceof GanEvalError) throw error;
    throw damagedZip(location, (error as Error).message, error);
  }
  return found;
}

/**
 * The files of an opened archive by name, folders left out; of several with one name the last, as unpacking does. All of
 * them are listed, whatever count the archive states.
 * @throws GanEvalError `input.zip` (damaged, overlapping, lying about sizes), `input.zip-name`, `input.zip-encrypted`,
 *   `input.zip-method`
 */
export async function readZipDirectory(
  yauzl: typeof Yauzl,
  zip: ZipFile,
  reader: ZipReader,
  location: string,
): Promise<Map<string, Entry>> {
  const found = await listEntries(yauzl, zip, reader, location);
  reader.endDirectory();
  for (const [name, entry] of found) refuseUnreadable(entry, name, location);
  refuseOverlaps(found, location);
  return new Map(found);
}
