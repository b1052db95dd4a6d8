/**
 * AVIF files as PIL opens them: pixels as they are stored, and of a sequence the first frame. The decoder at hand turns,
 * mirrors and crops as a file asks for, refuses sequences by their brand, and rounds colours unlike: in a copy of the file
 * the first two are taken out, and the planes are asked for as they are.
 * Layout: ISO/IEC 14496-12 (boxes), 23008-12 (`ipco`, `ipma`, `irot`, `imir`, `clap`), 23000-22 (`av1C`).
 */
import { codeToYuvMatrix, type YuvPlanes } from "./yuv-to-rgb.ts";

export interface HeifStill {
  readonly bytes: Uint8Array;
  /** Whether it asks to be turned or mirrored. */
  readonly turned: boolean;
  readonly sequence: boolean;
  /** What makes RGB of the decoded planes; undefined where the decoder does. */
  readonly planes?: YuvPlanes;
}

interface Box {
  readonly type: string;
  /** Of its content. */
  readonly start: number;
  readonly end: number;
}

const TURNS: ReadonlySet<string> = new Set(["irot", "imir"]);
const TRANSFORMS: ReadonlySet<string> = new Set([...TURNS, "clap"]);

const text = (bytes: Uint8Array, at: number): string =>
  Buffer.from(bytes.subarray(at, at + 4)).toString("latin1");

/** The boxes between two places. One that does not fit ends them. */
function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const short = view.getUint32(at);
    if (short === 1 && at + 16 > to) return;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    const head = short === 1 ? 16 : 8;
    if (size < head || at + size > to) return;
    yield { type: text(bytes, at + 4), start: at + head, end: at + size };
    at += size;
  }
}

/** A box within boxes; `meta` and `ipma` begin with a version and flags. */
function findBox(bytes: Uint8Array, path: readonly string[]): Box | undefined {
  let within: Box = { type: "", start: 0, end: bytes.length };
  for (const type of path) {
    const start = within.type === "meta" ? within.start + 4 : within.start;
    const found = [...boxes(bytes, start, within.end)].find((box) => box.type === type);
    if (found === undefined) return undefined;
    within = found;
  }
  return within;
}

/** Where each association of an item with a property stands, and the property's number from 1. */
function* associations(bytes: Uint8Array, { start, end }: Box) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  const wideItems = bytes[start] > 0;
  const wideIndices = (bytes[start + 3] & 1) === 1;
  const items = view.getUint32(start + 4);
  let at = start + 8;
  for (let item = 0; item < items; item++) {
    at += wideItems ? 4 : 2;
    const count = view.getUint8(at++);
    for (let i = 0; i < count; i++) {
      const length = wideIndices ? 2 : 1;
      const property = wideIndices ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f;
      yield { at, length, property };
      at += length;
    }
  }
}

/** Property 0 is none: an association with it does nothing. */
function clearTransforms(bytes: Uint8Array): boolean {
  const properties = findBox(bytes, ["meta", "iprp", "ipco"]);
  const table = findBox(bytes, ["meta", "iprp", "ipma"]);
  if (properties === undefined || table === undefined) return false;
  const types = [...boxes(bytes, properties.start, properties.end)].map(({ type }) => type);
  let turned = false;
  for (const { at, length, property } of associations(bytes, table)) {
    const type = types[property - 1] ?? "";
    if (!TRANSFORMS.has(type)) continue;
    bytes.fill(0, at, at + length);
    turned ||= TURNS.has(type);
  }
  return turned;
}

/** Bits of av1C's third byte: high bit depth, twelve bits or monochrome; chroma halved across, and down. */
const NOT_8_BIT_COLOUR = 0b0111_0000;
const HALVED_ACROSS = 0b1000;
const HALVED_DOWN = 0b0100;

const IDENTITY = 0;
const FULL_RANGE = 0x80;

/** Declares 8-bit planes to be RGB already, and gives what they are instead. */
function exposePlanes(bytes: Uint8Array): YuvPlanes | undefined {
  const properties = findBox(bytes, ["meta", "iprp", "ipco"]);
  if (properties === undefined) return undefined;
  const all = [...boxes(bytes, properties.start, properties.end)];
  const codecs = all.filter(({ type }) => type === "av1C");
  const colours = all.filter(({ type, start }) => type === "colr" && text(bytes, start) === "nclx");
  if (codecs.length === 0 || colours.length !== 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The alpha channel's codec box is monochrome; the image's comes first.
  const flags = bytes[codecs[0].start + 2];
  if (flags & NOT_8_BIT_COLOUR) return undefined;
  const { start } = colours[0];
  const matrix = codeToYuvMatrix(view.getUint16(start + 8), (bytes[start + 10] & FULL_RANGE) !== 0);
  if (matrix === undefined) return undefined;
  view.setUint16(start + 8, IDENTITY);
  bytes[start + 10] |= FULL_RANGE;
  return { matrix, across: flags & HALVED_ACROSS ? 2 : 1, down: flags & HALVED_DOWN ? 2 : 1 };
}

/** A copy of the file without what PIL does not do; a damaged one is left to the decoder, which says so. */
export function bytesToHeifStill(bytes: Uint8Array): HeifStill {
  const copy = bytes.slice();
  let turned = false;
  let planes: YuvPlanes | undefined;
  try {
    turned = clearTransforms(copy);
    planes = exposePlanes(copy);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const isSequence = text(copy, 8) === "avis";
  if (isSequence) copy.set(Buffer.from("avif"), 8);
  return { bytes: copy, turned, sequence: isSequence, ...(planes && { planes }) };
}
