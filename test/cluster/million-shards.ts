/** A million images of 8x8 pixels in a hundred shards, made as fast as a disk takes them. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { headerToBlock } from "../formats/tar-writer.ts";

const SIDE = 8;

function toChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER = toChunk("IHDR", Buffer.from([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0]));
const END = toChunk("IEND", Buffer.alloc(0));

/** Noise that follows from the number. */
export function numberToPng(i: number): Buffer {
  const rows = Buffer.alloc(SIDE * (1 + SIDE * 3));
  const noise = createHash("sha512").update(String(i)).digest();
  for (let at = 0; at < rows.length; at++) rows[at] = noise[(at * 7) % 64] ^ (at & 0x3f);
  for (let row = 0; row < SIDE; row++) rows[row * (1 + SIDE * 3)] = 0;
  return Buffer.concat([SIGNATURE, HEADER, toChunk("IDAT", deflateSync(rows, { level: 1 })), END]);
}

/** Shards `shard-000.tar`, ... of so many images each. */
export async function writeShards(folder: string, shards: number, each: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let shard = 0; shard < shards; shard++) {
    const parts: Buffer[] = [];
    for (let i = shard * each; i < (shard + 1) * each; i++) {
      const bytes = numberToPng(i);
      parts.push(headerToBlock({ name: `${String(i).padStart(9, "0")}.png`, bytes }), bytes);
      parts.push(Buffer.alloc((512 - (bytes.length % 512)) % 512));
    }
    const bytes = Buffer.concat([...parts, Buffer.alloc(1024)]);
    await writeFile(path.join(folder, `shard-${String(shard).padStart(3, "0")}.tar`), bytes);
  }
}
