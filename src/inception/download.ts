/** `gan-eval inception download`: the official file from the first place that gives it, installed. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { cacheFolder } from "./cache-folder.ts";
import { OFFICIAL_FILES, type OfficialFile } from "./checksums.ts";
import { type DownloadFileOptions, downloadFile } from "./download-file.ts";
import { importInception, type NetworkInfo } from "./import.ts";

export interface DownloadOptions extends DownloadFileOptions {
  readonly cacheDir?: string;
  /** The places to try, in order; all have the same weights. */
  readonly files?: readonly OfficialFile[];
}

/**
 * Downloads and installs the network. The downloaded file is removed once its content is installed.
 * @throws GanEvalError `unavailable.download` saying what each place answered, `input.cannot-write`
 */
export async function downloadInception(options: DownloadOptions = {}): Promise<NetworkInfo> {
  const { files = OFFICIAL_FILES, cacheDir, signal, onProgress } = options;
  const folder = path.join(cacheFolder(cacheDir), "downloads");
  const failures: GanEvalError[] = [];
  for (const file of files) {
    let downloaded: string;
    try {
      downloaded = await downloadFile(file, folder, options);
    } catch (error) {
      if (!(error instanceof GanEvalError) || error.code === "input.cannot-write") throw error;
      failures.push(error);
      continue;
    }
    const info = await importInception(downloaded, {
      ...(cacheDir !== undefined && { cacheDir }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    await rm(downloaded, { force: true });
    return info;
  }
  throw new GanEvalError(
    "unavailable.download",
    `expected the network from one of ${files.length} places, got: ${failures.map(({ message }) => message).join("; ")}`,
    {
      hint: "Run it again where there is a network (it goes on where it stopped), or fetch the file elsewhere and `gan-eval inception import FILE`.",
      cause: failures[0],
    },
  );
}
