/** Installs the network in the cache folder, from any kind of file. */
import { GanEvalError } from "../errors.ts";
import { cacheFolder, networkFolder } from "../networks/cache-folder.ts";
import { installFolder } from "../networks/install-folder.ts";
import type { NetworkManifest } from "./manifest.ts";
import { type ReadNetworkOptions, readNetwork } from "./read-network.ts";
import { type NetworkModel, writeModelFolder } from "./tfjs-model.ts";

/** An installed network. */
export interface NetworkInfo {
  readonly folder: string;
  readonly manifest: NetworkManifest;
}

export interface NetworkProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** A line for the user, once, before the work that it announces. */
  readonly notice?: string;
}

export interface ImportOptions extends ReadNetworkOptions {
  /** The cache folder; see cache-folder.ts for where it is if left out. */
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NetworkProgress) => void;
  /** How a file is written; tests fill the disk here. */
  readonly write?: (location: string, bytes: Uint8Array) => Promise<void>;
}

const cannotWrite = (folder: string, cause: unknown): GanEvalError =>
  new GanEvalError("input.cannot-write", `cannot write ${folder}: ${(cause as Error).message}`, {
    hint: "Check that you may write there and that the disk has 100 MB free, or choose another --cache-dir.",
    cause,
  });

/**
 * Writes a network into the cache folder. It is complete in its place or not there: written beside it, then renamed; a
 * full disk or an interruption leaves what was installed before.
 * @throws GanEvalError `input.cannot-write`; the signal's reason if it is aborted
 */
async function installNetwork(model: NetworkModel, options: ImportOptions = {}): Promise<NetworkInfo> {
  const { signal, onProgress, write } = options;
  const { manifest, weights } = model;
  const folder = networkFolder(cacheFolder(options.cacheDir), manifest.id);
  try {
    return await installFolder(folder, async (made) => {
      const { source, gapFilled } = manifest;
      const written = await writeModelFolder(
        made,
        weights,
        { source, ...(gapFilled && { gapFilled }) },
        {
          onProgress: (progress) => {
            signal?.throwIfAborted();
            onProgress?.({ stage: "install", ...progress });
          },
          ...(write && { write }),
        },
      );
      signal?.throwIfAborted();
      return { folder, manifest: written };
    });
  } catch (cause) {
    if (cause instanceof GanEvalError || signal?.aborted) throw cause;
    throw cannotWrite(folder, cause);
  }
}

/**
 * Reads the network from a file or folder and installs it.
 * @throws GanEvalError `input.*` for a file that is not the network, or a cache folder that cannot be written
 */
export async function importInception(file: string, options: ImportOptions = {}): Promise<NetworkInfo> {
  options.onProgress?.({ stage: "read", done: 0, total: 1, unit: "files" });
  const model = await readNetwork(file, options);
  options.signal?.throwIfAborted();
  return installNetwork(model, options);
}
