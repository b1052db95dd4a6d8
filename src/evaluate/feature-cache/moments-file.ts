/**
 * `moments*.f64`: float64 in the machine's byte order: n, d, mean [d], scatter [d, d], and last the crc32 of all bytes
 * before. It says itself whether it is whole, for it may come later than the entry.
 */
import { crc32 } from "node:zlib";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { countToLeaves } from "../../math/features/leaves.ts";
import type { Moments } from "../../math/features/statistics.ts";
import { bytesToCrc, readBytes } from "./checked-file.ts";
import { MOMENTS } from "./layout.ts";

const SIZE = Float64Array.BYTES_PER_ELEMENT;

/**
 * The file of moments whose last image has this position. Those of one leaf have the name that they always had; those of
 * a tree of leaves another, and another again where the source says where its leaves begin.
 */
export function leavesToMomentsFile(last: number, leafStarts: ArrayLike<number> | undefined): string {
  const begins = countToLeaves(last + 1, { leafStarts });
  if (begins.length <= 1) return MOMENTS;
  const regular = countToLeaves(last + 1);
  const isRegular = begins.length === regular.length && begins.every((begin, i) => begin === regular[i]);
  return isRegular ? "moments-tree.f64" : `moments-tree-${crc32(begins).toString(16).padStart(8, "0")}.f64`;
}

export async function writeMoments(location: string, { n, d, mean, scatter }: Moments): Promise<void> {
  const numbers = new Float64Array(3 + d + d * d);
  numbers.set([n, d]);
  numbers.set(mean, 2);
  numbers.set(scatter, 2 + d);
  const bytes = new Uint8Array(numbers.buffer);
  numbers[numbers.length - 1] = bytesToCrc(bytes.subarray(0, bytes.length - SIZE));
  await writeFileAtomically(location, [bytes]);
}

/** Those of `n` rows of width `d`, without the rows; undefined where the file is absent, of others or damaged. */
export async function readMoments(location: string, n: number, d: number): Promise<Moments | undefined> {
  const length = 3 + d + d * d;
  try {
    const bytes = await readBytes(location, length * SIZE, true);
    const numbers = new Float64Array(bytes.buffer);
    const isOurs = numbers[0] === n && numbers[1] === d;
    if (!isOurs || numbers[length - 1] !== bytesToCrc(bytes.subarray(0, bytes.length - SIZE)))
      return undefined;
    return { n, d, mean: numbers.subarray(2, 2 + d), scatter: numbers.subarray(2 + d, length - 1) };
  } catch {
    return undefined;
  }
}
