/** The official network, from the first place that gives it, installed: by one process at a time. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Patience } from "../files/open-fetch.ts";
import { cacheFolder } from "../networks/cache-folder.ts";
import type { DistributedFile, DownloadFileOptions } from "../networks/download/download-file.ts";
import { downloadFromAny, withDownloads } from "../networks/download/download-from-any.ts";
import { nameToMirrorUrl } from "../networks/download/places.ts";
import { mirrorToFile, OFFICIAL_FILES } from "./checksums.ts";
import { importInception, type NetworkInfo } from "./import.ts";
import { installedInception } from "./installed.ts";

export interface DownloadOptions extends DownloadFileOptions {
  readonly cacheDir?: string;
  /** The places to try, in order; all have the same weights. `GAN_EVAL_INCEPTION_URL`, else the official ones. */
  readonly files?: readonly DistributedFile[];
  /** At first use: a network that another process installed meanwhile will do. */
  readonly unlessInstalled?: boolean;
  readonly patience?: Patience;
}

/** The mirror of this file, else the mirror of all networks, else the official places. */
function placesToTry(): readonly DistributedFile[] {
  const mirror = process.env.GAN_EVAL_INCEPTION_URL;
  if (mirror) return [mirrorToFile(mirror)];
  return OFFICIAL_FILES.map((file) => ({ ...file, url: nameToMirrorUrl(file.name) ?? file.url }));
}

/**
 * Downloads and installs the network. The downloaded file is removed once its content is installed. Of two processes
 * that want it at once, one downloads and the other waits.
 * @throws GanEvalError `unavailable.download` saying what each place answered, `input.cannot-write`
 */
export async function downloadInception(options: DownloadOptions = {}): Promise<NetworkInfo> {
  const { files = placesToTry(), cacheDir, signal, onProgress, unlessInstalled = false } = options;
  const inCache = cacheDir !== undefined && { cacheDir };
  const into = cacheFolder(cacheDir);
  const folder = path.join(into, "downloads");
  return withDownloads(folder, "the Inception network", options, async (through) => {
    const present = unlessInstalled ? await installedInception({ ...inCache }) : undefined;
    if (present !== undefined) return present;
    const { location } = await downloadFromAny(
      files,
      folder,
      { what: "the Inception network of 2015-12-05", licence: "Apache-2.0", size: "about 90 MB", into },
      { ...through, isUnasked: unlessInstalled },
    );
    const info = await importInception(location, {
      ...inCache,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    await rm(location, { force: true });
    return info;
  });
}
