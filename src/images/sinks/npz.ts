/** NumPy's archive as ADM's samples are kept: `arr_0` uint8 [n, height, width, channels], labels int64 in `arr_1`. */
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { npyHeaderToBytes, npyToBytes } from "../../formats/npy.ts";
import { ZipRecords } from "../../formats/zip-writer.ts";
import type { Container, ContainerPlanner, ImageSinkOptions } from "./sink.ts";

const ENTRY = "arr_0.npy";

/**
 * Pixels go straight to their place. Only their checksum stands before them in a zip, and it is known last: room is
 * left for that header.
 */
class NpzContainer implements Container {
  private readonly file: FileHandle;
  private readonly labels: ArrayLike<number> | undefined;
  private readonly header: Uint8Array;
  private readonly size: number;
  private checksum: number;

  constructor(file: FileHandle, options: ImageSinkOptions) {
    const { count, height, width, channels } = options;
    this.file = file;
    this.labels = options.labels;
    this.header = npyHeaderToBytes("|u1", [count, height, width, channels]);
    this.size = this.header.length + count * height * width * channels;
    this.checksum = crc32(this.header);
  }

  async begin(): Promise<void> {
    const room = new ZipRecords().before({ name: ENTRY, size: this.size, checksum: 0 });
    await this.file.writeFile(Buffer.concat([room, this.header]));
  }

  async write(pixels: Uint8Array): Promise<void> {
    this.checksum = crc32(pixels, this.checksum);
    await this.file.writeFile(pixels);
  }

  async close(): Promise<void> {
    const records = new ZipRecords();
    const first = records.before({ name: ENTRY, size: this.size, checksum: this.checksum });
    if (this.labels) {
      const data = BigInt64Array.from(Array.from(this.labels, BigInt));
      const bytes = npyToBytes({ dtype: "<i8", shape: [data.length], data });
      const facts = { name: "arr_1.npy", size: bytes.length, checksum: crc32(bytes) };
      await this.file.writeFile(Buffer.concat([records.before(facts), bytes]));
    }
    await this.file.writeFile(records.after());
    await this.file.write(first, 0, first.length, 0);
    await this.file.sync();
    await this.file.close();
  }

  discard(): Promise<void> {
    return this.file.close();
  }
}

export const planNpz: ContainerPlanner = (target, options) => ({
  holds: "file",
  target,
  open: async (output) => new NpzContainer(await output.open(), options),
});
