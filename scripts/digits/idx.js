// IDX, the format of MNIST's files: 0, 0, type 8 (uint8), the number of dimensions, each big-endian, the bytes.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** @param {readonly number[]} shape @param {Uint8Array} bytes */
export function arrayToIdx(shape, bytes) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, bytes]);
}

/** @param {string} file a gzipped IDX file of bytes @returns {{ shape: number[], bytes: Uint8Array }} */
export function readIdx(file) {
  const content = gunzipSync(readFileSync(file));
  if (content[2] !== 8) throw new Error(`expected an IDX file of bytes, got type ${content[2]} in ${file}`);
  const shape = Array.from({ length: content[3] }, (_, i) => content.readUInt32BE(4 + 4 * i));
  return { shape, bytes: content.subarray(4 + 4 * shape.length) };
}
