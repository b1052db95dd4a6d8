/** Images that are files on disk: folders and lists of paths. */
import { open } from "node:fs/promises";
import { bytesToUndecoded } from "../decode/decode.ts";
import { ImageError } from "../decode/image-error.ts";
import type { ImageSourceKind, SourceClasses } from "../source.ts";
import type { ImageSet } from "./image-set.ts";

/** Larger files are no images that anybody means to score. */
export const MAX_FILE_BYTES = 2 ** 30;

export interface NamedFile {
  readonly name: string;
  /** Bytes where the name is not UTF-8, which no string says. */
  readonly path: string | Buffer;
}

async function readWhole(file: NamedFile): Promise<Uint8Array> {
  try {
    const handle = await open(file.path, "r");
    try {
      const info = await handle.stat();
      if (!info.isFile())
        throw new ImageError(file.name, info.isDirectory() ? "a folder" : "no regular file");
      if (info.size > MAX_FILE_BYTES) throw new ImageError(file.name, `a file of ${info.size} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(file.name, `an unreadable file (${(error as Error).message})`, error);
  }
}

/** Files as a set, in the order given. */
export function filesToSet(
  kind: ImageSourceKind,
  location: string,
  files: readonly NamedFile[],
  options: { readonly maxPixels: number; readonly classes?: SourceClasses },
): ImageSet {
  return {
    kind,
    location,
    count: files.length,
    ...options.classes,
    name: (position) => files[position].name,
    read: (position) => readWhole(files[position]),
    inspect: (bytes, position) => bytesToUndecoded(bytes, files[position].name, options.maxPixels),
    close: async () => {},
  };
}
