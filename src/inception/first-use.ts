/** The network at its first use: whoever opens it gets what is installed, and what is not is downloaded. */
import { isCode } from "../errors.ts";
import { toForbidden } from "../networks/download/forbidden-downloads.ts";
import type { DownloadOptions } from "./download.ts";
import { installedInception, noWeights, readInstalled } from "./installed.ts";
import type { NetworkModel } from "./tfjs-model.ts";

export interface FirstUseOptions extends DownloadOptions {
  /** Whether a network that is not installed is an error, not a download (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean;
}

/**
 * Reads the installed network, every file held to its checksum; downloads it before, where it is not installed.
 * @throws GanEvalError `unavailable.inception-weights` where it is neither here nor to be had; `input.*` where it is
 *   damaged, or the cache folder cannot be written
 */
export async function readAtFirstUse(options: FirstUseOptions = {}): Promise<NetworkModel> {
  const { cacheDir, offline } = options;
  const forbidden = toForbidden(offline);
  const isInstalled = (await installedInception(cacheDir === undefined ? {} : { cacheDir })) !== undefined;
  if (!isInstalled && forbidden !== undefined) throw await noWeights(cacheDir, forbidden);
  if (!isInstalled) {
    const { downloadInception } = await import("./download.ts");
    try {
      await downloadInception({ ...options, unlessInstalled: true });
    } catch (error) {
      if (!isCode(error, "unavailable.download")) throw error;
      throw await noWeights(cacheDir, `the download failed: ${error.message}`, error);
    }
  }
  return readInstalled(cacheDir);
}
