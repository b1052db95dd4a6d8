/** The file of a network at its first use: whoever asks gets what is installed, and what is not is downloaded. */
import { isCode } from "../errors.ts";
import { toForbidden } from "./download/forbidden-downloads.ts";
import type { DownloadNetworkOptions } from "./download-network.ts";
import { readPinnedNetwork, requireWhole } from "./installed.ts";
import { noNetwork } from "./no-network.ts";
import { NETWORKS, type NetworkName, type NetworkSource } from "./table.ts";

export interface FirstUseOptions extends Omit<DownloadNetworkOptions, "isFirstUse"> {
  /** Whether a network that is not installed is an error, not a download (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean | undefined;
}

export interface NetworkAtHand {
  /** The path of the official file. */
  readonly location: string;
  /** Of the whole file, as it was when it was installed. */
  readonly sha256: string;
}

/** @see readNetworkAtFirstUse, of any row */
export async function readFileAtFirstUse(
  name: string,
  row: NetworkSource,
  { offline, ...options }: FirstUseOptions = {},
): Promise<NetworkAtHand> {
  const { cacheDir } = options;
  const present = await readPinnedNetwork(name, row, cacheDir);
  if (present !== undefined) {
    await requireWhole(present, options);
    return { location: present.location, sha256: present.manifest.file.sha256 };
  }
  const forbidden = toForbidden(offline);
  if (forbidden !== undefined) throw await noNetwork(name, row, cacheDir, forbidden);
  const { downloadNetwork } = await import("./download-network.ts");
  try {
    const { location, manifest } = await downloadNetwork(name, row, { ...options, isFirstUse: true });
    return { location, sha256: manifest.file.sha256 };
  } catch (error) {
    if (!isCode(error, "unavailable.download")) throw error;
    throw await noNetwork(name, row, cacheDir, `the download failed: ${error.message}`, error);
  }
}

/**
 * The official file of a network, downloaded before where it is not installed. It was held to its hash when it was
 * installed, and is hashed again where its size or time of change is not what it was then.
 * @throws GanEvalError `unavailable.network` where it is neither here nor to be had; `input.network-checksum` where it is
 *   damaged; `input.*` where the cache folder cannot be read or written
 */
export const readNetworkAtFirstUse = (
  name: NetworkName,
  options: FirstUseOptions = {},
): Promise<NetworkAtHand> => readFileAtFirstUse(name, NETWORKS[name], options);
