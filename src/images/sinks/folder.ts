/** A folder of PNG files. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { OutputFolder } from "../../files/output-folder.ts";
import { pixelsToPngs } from "./encode-png.ts";
import { labelsToNames } from "./image-names.ts";
import type { Container, ContainerPlanner, ImageSinkOptions } from "./sink.ts";

class FolderContainer implements Container {
  private readonly output: OutputFolder;
  private readonly options: ImageSinkOptions;
  private readonly name: (position: number) => string;
  private readonly made = new Set<string>();
  private position = 0;

  constructor(output: OutputFolder, options: ImageSinkOptions) {
    this.output = output;
    this.options = options;
    this.name = labelsToNames(options.labels);
  }

  begin(): Promise<void> {
    return this.output.make();
  }

  async write(pixels: Uint8Array, n: number): Promise<void> {
    for await (const png of pixelsToPngs(pixels, n, this.options)) {
      const file = path.join(this.output.temporary, this.name(this.position++));
      const folder = path.dirname(file);
      if (!this.made.has(folder)) await mkdir(folder, { recursive: true });
      this.made.add(folder);
      await writeFile(file, png);
    }
  }

  async close(): Promise<void> {}

  async discard(): Promise<void> {}
}

export const planFolder: ContainerPlanner = (target, options) => ({
  holds: "folder",
  target,
  open: async (output) => new FolderContainer(output, options),
});
