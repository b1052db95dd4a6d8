/** Puts a file that was downloaded or given into the cache, with what it is beside it. */
import { copyFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { cacheFolder, networkFolder } from "./cache-folder.ts";
import { installFolder } from "./install-folder.ts";
import type { InstalledNetwork } from "./installed.ts";
import { type FileManifest, MANIFEST, toManifest } from "./manifest.ts";

interface InstallFileOptions {
  readonly cacheDir?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is installed; its time of change and size are looked up. */
type Facts = Pick<FileManifest, "id" | "official" | "source"> & {
  readonly name: string;
};

const PAST_SECONDS = 2;

const cannotWrite = (folder: string, cause: unknown): GanEvalError =>
  new GanEvalError("input.cannot-write", `cannot write ${folder}: ${(cause as Error).message}`, {
    hint: "Check that you may write there and that the disk has room for the file, or choose another --cache-dir.",
    cause,
  });

/**
 * Installs a file under an id, in the place of what was there. It is complete in its place or not there.
 * @param bring puts the file at the path that it is given, and says its sha256
 * @throws GanEvalError `input.cannot-write`; the signal's reason if it is aborted; what `bring` throws
 */
export async function installFile(
  { name, ...facts }: Facts,
  bring: (location: string) => Promise<string>,
  { cacheDir, signal }: InstallFileOptions,
): Promise<InstalledNetwork> {
  const folder = networkFolder(cacheFolder(cacheDir), facts.id);
  try {
    const manifest = await installFolder(folder, async (made) => {
      const location = path.join(made, name);
      const sha256 = await bring(location);
      // A whole second, which every file system keeps, and a past one, which no later write has.
      const past = Math.floor(Date.now() / 1000) - PAST_SECONDS;
      await utimes(location, past, past);
      const { size, mtimeMs } = await stat(location);
      const written = toManifest({ ...facts, file: { name, bytes: size, sha256, modified: mtimeMs } });
      await writeFile(path.join(made, MANIFEST), `${JSON.stringify(written, undefined, 2)}\n`);
      signal?.throwIfAborted();
      return written;
    });
    return { folder, location: path.join(folder, name), manifest };
  } catch (cause) {
    if (cause instanceof GanEvalError || signal?.aborted) throw cause;
    throw cannotWrite(folder, cause);
  }
}

/** Brings a file by moving it, which takes no room, unless one of the cache's folders was put on another disk. */
export const moving =
  (from: string, sha256: string) =>
  async (to: string): Promise<string> => {
    await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EXDEV") throw error;
      await copyFile(from, to);
      await rm(from);
    });
    return sha256;
  };
