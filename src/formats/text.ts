/** Text as people's programs write it: UTF-8 or UTF-16, with a byte order mark or without. */
import { readFile } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

interface Mark {
  readonly bytes: readonly number[];
  /** What the decoder calls it; `undefined` is an encoding that is not read. */
  readonly encoding: Encoding | undefined;
  readonly name: string;
}

/** Unicode standard, section 23.8. UTF-32's first: UTF-16's mark begins one of them. */
const MARKS: readonly Mark[] = [
  { bytes: [0xff, 0xfe, 0, 0], encoding: undefined, name: "UTF-32" },
  { bytes: [0, 0, 0xfe, 0xff], encoding: undefined, name: "UTF-32" },
  { bytes: [0xef, 0xbb, 0xbf], encoding: "utf-8", name: "UTF-8" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le", name: "UTF-16" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be", name: "UTF-16" },
];

/** Enough letters to tell that every other byte is zero, as in UTF-16 without a mark. */
const LOOKED_AT = 32;

/** Text of Latin letters in UTF-16 has a zero in every other byte, and nothing else has. */
function bytesToUnmarked(bytes: Uint8Array): Encoding {
  const start = bytes.subarray(0, LOOKED_AT);
  const isZero = (parity: number) => start.every((byte, i) => (byte === 0) === (i % 2 === parity));
  if (bytes.length < 2 || bytes.length % 2 === 1) return "utf-8";
  return isZero(1) ? "utf-16le" : isZero(0) ? "utf-16be" : "utf-8";
}

const wrongEncoding = (location: string, got: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.text-encoding", `expected text in UTF-8 or UTF-16 in ${location}, got ${got}`, {
    hint: "Save the file as UTF-8.",
    cause,
  });

/**
 * The text of a file, without its mark. Binary data that is no UTF-8 comes back with its zeros, for the caller to name.
 * @throws GanEvalError `input.text-encoding`
 */
export function bytesToText(bytes: Uint8Array, location: string): string {
  const mark = MARKS.find((one) => one.bytes.every((byte, i) => bytes[i] === byte));
  if (mark && mark.encoding === undefined) throw wrongEncoding(location, mark.name);
  const encoding = mark?.encoding ?? bytesToUnmarked(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    if (encoding === "utf-8" && bytes.includes(0)) return new TextDecoder().decode(bytes);
    throw wrongEncoding(location, `bytes that are not ${mark?.name ?? "either"}`, cause);
  }
}

/** @throws GanEvalError `input.text-encoding`; what the system says where it cannot be read */
export const readText = async (location: string): Promise<string> =>
  bytesToText(await readFile(location), location);
