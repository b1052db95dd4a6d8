/** Tar archives of the test's own. */
import { gzipSync } from "node:zlib";

export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `0` file, `5` folder, `2` link, `L` long name. */
  readonly type?: string;
  /** A size that the header claims instead of the real one. */
  readonly claims?: number;
}

const padded = (size: number): number => Math.ceil(size / 512) * 512;

/** The header of a file; `change` comes before its sum is taken. */
export function headerToBlock(
  { name, bytes, type = "0", claims = bytes.length }: TarFile,
  change: (block: Buffer) => void = () => {},
): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write(`${claims.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        ", 148);
  block.write(type, 156);
  block.write("ustar\x0000", 257);
  change(block);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

export function filesToTar(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap((file) => {
    const body = Buffer.alloc(padded(file.bytes.length));
    body.set(file.bytes);
    return [headerToBlock(file), body];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

export const filesToTgz = (files: readonly TarFile[]): Buffer => gzipSync(filesToTar(files), { level: 1 });
