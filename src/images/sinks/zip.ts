/** A zip of PNG files, stored: PNG is compressed already. */
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { ZipRecords } from "../../formats/zip-writer.ts";
import { pixelsToPngs } from "./encode-png.ts";
import { labelsToNames } from "./image-names.ts";
import type { Container, ContainerPlanner, ImageSinkOptions } from "./sink.ts";

class ZipContainer implements Container {
  private readonly file: FileHandle;
  private readonly options: ImageSinkOptions;
  private readonly name: (position: number) => string;
  private readonly records = new ZipRecords();
  private position = 0;

  constructor(file: FileHandle, options: ImageSinkOptions) {
    this.file = file;
    this.options = options;
    this.name = labelsToNames(options.labels);
  }

  async begin(): Promise<void> {}

  async write(pixels: Uint8Array, n: number): Promise<void> {
    for await (const png of pixelsToPngs(pixels, n, this.options)) {
      const name = this.name(this.position++);
      await this.file.writeFile(this.records.before({ name, size: png.length, checksum: crc32(png) }));
      await this.file.writeFile(png);
    }
  }

  async close(): Promise<void> {
    await this.file.writeFile(this.records.after());
    await this.file.sync();
    await this.file.close();
  }

  discard(): Promise<void> {
    return this.file.close();
  }
}

export const planZip: ContainerPlanner = (target, options) => ({
  holds: "file",
  target,
  open: async (output) => new ZipContainer(await output.open(), options),
});
