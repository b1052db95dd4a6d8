// Reads a .tgz from the npm registry: its files, one after the other, never more than one in memory.
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

const BLOCK = 512;

/** The file's bytes in pieces of any length that is asked for. */
class Pieces {
  constructor(stream) {
    this.chunks = stream[Symbol.asyncIterator]();
    this.rest = Buffer.alloc(0);
  }

  async take(length) {
    const parts = [this.rest];
    let have = this.rest.length;
    while (have < length) {
      const { value, done } = await this.chunks.next();
      if (done) throw new Error(`the archive ends ${length - have} bytes early`);
      parts.push(value);
      have += value.length;
    }
    const bytes = Buffer.concat(parts);
    this.rest = bytes.subarray(length);
    return bytes.subarray(0, length);
  }
}

const text = (header, start, length) =>
  header
    .toString("utf8", start, start + length)
    .split("\0")[0]
    .trim();

/** `{ name, bytes }` of every plain file. Names over 100 characters come as `prefix/name` (ustar), as npm writes them. */
export async function* tgzToFiles(location) {
  const pieces = new Pieces(createReadStream(location).pipe(createGunzip()));
  for (;;) {
    const header = await pieces.take(BLOCK);
    const name = text(header, 0, 100);
    if (name === "") return;
    const size = Number.parseInt(text(header, 124, 12), 8);
    const bytes = await pieces.take(size);
    await pieces.take((BLOCK - (size % BLOCK)) % BLOCK);
    const prefix = text(header, 345, 155);
    if ("0\0".includes(String.fromCharCode(header[156])))
      yield { name: prefix === "" ? name : `${prefix}/${name}`, bytes };
  }
}
