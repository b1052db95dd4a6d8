/**
 * All members of a tar archive in the order in which they stand: ustar, pax (long names, large sizes), GNU (long names,
 * sizes in base 256, sparse files), v7. Names are compared and shown, never used as paths.
 */
import { GanEvalError } from "../errors.ts";
import type { TarBytes } from "./tar-bytes.ts";
import {
  blockToHeader,
  bytesToPaxRecords,
  fieldToText,
  isZeroBlock,
  padToBlock,
  TAR_BLOCK,
  type TarHeader,
} from "./tar-header.ts";

export interface TarMember {
  readonly name: string;
  /** Where its data begin in the archive, unpacked. */
  readonly offset: number;
  readonly size: number;
  /** A file whose data stand in the archive as they are: no folder, link, device or sparse file. */
  readonly isFile: boolean;
}

/** Headers about the next member are small; a larger one is damage. */
const MOST_BYTES_ABOUT = 2 ** 20;

/** `input.tar`: where an archive is not whole. */
export class TarError extends GanEvalError {
  /** What was found in the place of an archive. */
  readonly what: string;
  /** Byte of the archive, unpacked. */
  readonly at: number;

  constructor(location: string, what: string, at: number, cause?: unknown) {
    super("input.tar", `expected a whole tar archive in ${location}, got ${what} at byte ${at}`, {
      hint: "The file is damaged, truncated or of another kind; copy it again.",
      cause,
    });
    this.what = what;
    this.at = at;
  }
}

/** What headers before a member say of it: pax records, GNU's long name. */
interface About {
  readonly name?: string;
  readonly size?: number;
  readonly isSparse?: boolean;
}

function recordsToAbout(records: ReadonlyMap<string, string>): About | undefined {
  const size = records.get("size");
  if (size !== undefined && !(/^\d+$/.test(size) && Number.isSafeInteger(Number(size)))) return undefined;
  // GNU's sparse files of versions 0.1 and 1.0 keep the real name here.
  const name = records.get("GNU.sparse.name") ?? records.get("path");
  return {
    ...(name !== undefined && { name }),
    ...(size !== undefined && { size: Number(size) }),
    ...([...records.keys()].some((key) => key.startsWith("GNU.sparse.")) && { isSparse: true }),
  };
}

/** By the type of a header: how its data say something of what follows. */
const ABOUT: Readonly<
  Record<string, { readonly isGlobal: boolean; readonly read: (bytes: Uint8Array) => About | undefined }>
> = {
  x: { isGlobal: false, read: (bytes) => toAbout(bytesToPaxRecords(bytes)) },
  X: { isGlobal: false, read: (bytes) => toAbout(bytesToPaxRecords(bytes)) },
  g: { isGlobal: true, read: (bytes) => toAbout(bytesToPaxRecords(bytes)) },
  L: { isGlobal: false, read: (bytes) => ({ name: fieldToText(bytes) }) },
  K: { isGlobal: false, read: () => ({}) },
};

const toAbout = (records: ReadonlyMap<string, string> | undefined): About | undefined =>
  records && recordsToAbout(records);

/** The map of holes of an old GNU sparse file goes on in further blocks; each says whether another follows. */
async function skipSparseMap(bytes: TarBytes, header: TarHeader, location: string): Promise<void> {
  for (let more = header.hasMoreBlocks; more; ) {
    const block = await bytes.take(TAR_BLOCK);
    if (block === undefined) throw new TarError(location, "the end of the data within a header", bytes.at);
    more = block[504] === 1;
  }
}

async function takeHeader(bytes: TarBytes, location: string): Promise<TarHeader | undefined> {
  const at = bytes.at;
  const block = await bytes.take(TAR_BLOCK);
  if (block === undefined) throw new TarError(location, "the end of the data before the archive's end", at);
  if (isZeroBlock(block)) return undefined;
  const header = blockToHeader(block);
  if (header === undefined) throw new TarError(location, "a damaged header", at);
  return header;
}

/** What a header that is about the next member says. */
async function takeAbout(bytes: TarBytes, header: TarHeader, location: string): Promise<About> {
  const at = bytes.at;
  const { size, type } = header;
  if (size > MOST_BYTES_ABOUT) throw new TarError(location, `a header of ${size} bytes`, at);
  const data = await bytes.take(padToBlock(size));
  if (data === undefined) throw new TarError(location, "the end of the data within a name", at);
  const about = ABOUT[type].read(data.subarray(0, size));
  if (about === undefined) throw new TarError(location, "a damaged pax header", at);
  return about;
}

/**
 * Walks over the members. Whoever takes a member's data from `bytes` may do so before asking for the next; the rest is
 * passed over.
 * @throws GanEvalError `input.tar` for a damaged header and where the data end too early; what `bytes` throws
 */
export async function* walkTar(bytes: TarBytes, location: string): AsyncGenerator<TarMember> {
  let ofAll: About = {};
  let ofNext: About = {};
  for (;;) {
    const header = await takeHeader(bytes, location);
    if (header === undefined) return;
    if (Object.hasOwn(ABOUT, header.type)) {
      const about = await takeAbout(bytes, header, location);
      if (ABOUT[header.type].isGlobal) ofAll = { ...ofAll, ...about };
      else ofNext = { ...ofNext, ...about };
      continue;
    }
    await skipSparseMap(bytes, header, location);
    const about = { ...ofAll, ...ofNext };
    ofNext = {};
    const size = about.size ?? header.size;
    const offset = bytes.at;
    const name = about.name ?? header.name;
    const isFile = (header.type === "0" || header.type === "7") && !about.isSparse;
    if (!Number.isSafeInteger(offset + padToBlock(size)))
      throw new TarError(location, "a damaged header", offset);
    yield { name, offset, size, isFile };
    const left = offset + size - bytes.at;
    if (!(await bytes.skip(left)) || !(await skipPadding(bytes, size)))
      throw new TarError(location, `the end of the data within ${name}`, offset);
  }
}

const skipPadding = (bytes: TarBytes, size: number): Promise<boolean> => bytes.skip(padToBlock(size) - size);
