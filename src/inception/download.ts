/** The official network, from the first place that gives it, installed: by one process at a time. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError, isCode } from "../errors.ts";
import { cacheFolder } from "./cache-folder.ts";
import { mirrorToFile, OFFICIAL_FILES, type OfficialFile } from "./checksums.ts";
import { type DownloadFileOptions, downloadFile } from "./download-file.ts";
import { lockDownloads } from "./download-lock.ts";
import { importInception, type NetworkInfo } from "./import.ts";
import { installedInception } from "./installed.ts";
import { openFetch, type Patience } from "./open-fetch.ts";

export interface DownloadOptions extends DownloadFileOptions {
  readonly cacheDir?: string;
  /** The places to try, in order; all have the same weights. `GAN_EVAL_INCEPTION_URL`, else the official ones. */
  readonly files?: readonly OfficialFile[];
  /** At first use: a network that another process installed meanwhile will do. */
  readonly unlessInstalled?: boolean;
  readonly patience?: Patience;
}

const sizeToText = (bytes: number | undefined): string =>
  bytes === undefined ? "about 90 MB" : `${Math.round(bytes / 2 ** 20)} MiB`;

/** For who did not ask for the download by name. */
const FORBIDDEN_BY = "; --offline or GAN_EVAL_OFFLINE=1 forbids it";

/** What is fetched, how large it is, from where, under which licence. */
const fileToNotice = ({ url, bytes }: OfficialFile, folder: string): string =>
  `downloading the Inception network of 2015-12-05 (${sizeToText(bytes)}, Apache-2.0) from ${new URL(url).host} into ${folder}`;

const placesToTry = (): readonly OfficialFile[] => {
  const mirror = process.env.GAN_EVAL_INCEPTION_URL;
  return mirror ? [mirrorToFile(mirror)] : OFFICIAL_FILES;
};

/** @throws GanEvalError `unavailable.download` saying what each place answered, `input.cannot-write` */
async function downloadFromAny(
  files: readonly OfficialFile[],
  folder: string,
  options: DownloadOptions,
): Promise<string> {
  const failures: GanEvalError[] = [];
  for (const file of files) {
    options.onProgress?.({
      stage: "download",
      done: 0,
      total: file.bytes ?? 0,
      unit: "bytes",
      notice:
        failures.length > 0
          ? `unavailable there; trying ${new URL(file.url).host} (${sizeToText(file.bytes)})`
          : fileToNotice(file, path.dirname(folder)) + (options.unlessInstalled ? FORBIDDEN_BY : ""),
    });
    try {
      return await downloadFile(file, folder, options);
    } catch (error) {
      if (!(error instanceof GanEvalError) || isCode(error, "input.cannot-write")) throw error;
      failures.push(error);
    }
  }
  const reasons = failures.map(({ message }) => message).join("; ");
  throw new GanEvalError(
    "unavailable.download",
    files.length === 1
      ? reasons
      : `expected the network from one of ${files.length} servers, got: ${reasons}`,
    {
      hint: "Run it again with a working connection (it resumes where it stopped), or fetch the file elsewhere and run `gan-eval inception import FILE`.",
      cause: failures[0],
    },
  );
}

/**
 * Downloads and installs the network. The downloaded file is removed once its content is installed. Of two processes
 * that want it at once, one downloads and the other waits.
 * @throws GanEvalError `unavailable.download` saying what each place answered, `input.cannot-write`
 */
export async function downloadInception(options: DownloadOptions = {}): Promise<NetworkInfo> {
  const { files = placesToTry(), cacheDir, signal, onProgress } = options;
  const inCache = cacheDir !== undefined && { cacheDir };
  const folder = path.join(cacheFolder(cacheDir), "downloads");
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw new GanEvalError("input.cannot-write", `cannot write ${folder}: ${cause.message}`, {
      hint: "Choose another --cache-dir.",
      cause,
    });
  });
  const unlock = await lockDownloads(folder, options);
  const opened = options.fetch ? undefined : await openFetch(options.patience);
  try {
    const present = options.unlessInstalled ? await installedInception({ ...inCache }) : undefined;
    if (present !== undefined) return present;
    const downloaded = await downloadFromAny(files, folder, { ...opened, ...options });
    const info = await importInception(downloaded, {
      ...inCache,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    await rm(downloaded, { force: true });
    return info;
  } finally {
    await opened?.close();
    await unlock();
  }
}
