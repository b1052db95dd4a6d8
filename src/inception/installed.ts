/** What is installed, and the error where nothing is. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { cacheFolder, networkFolder } from "../networks/cache-folder.ts";
import { locationToShell } from "../shell-word.ts";
import type { NetworkInfo } from "./import.ts";
import { INCEPTION_ID, MANIFEST, NETWORK_IDS, type NetworkId } from "./manifest.ts";
import { type NetworkModel, readManifest, readModelFolder } from "./tfjs-model.ts";

export interface InstalledOptions {
  readonly cacheDir?: string;
  /** The network's name; the published one if left out. */
  readonly id?: NetworkId;
  /** Reads every file and holds it to its checksum (0.2 s); else only the manifest is read. */
  readonly verify?: boolean;
}

const isFile = (location: string): Promise<boolean> =>
  stat(location).then((found) => found.isFile(), unlessForbidden(false));

/**
 * The installed network, undefined where there is none.
 * @throws GanEvalError `input.manifest`, `input.network-checksum` where it is damaged, `input.permission`
 */
export async function installedInception(options: InstalledOptions = {}): Promise<NetworkInfo | undefined> {
  const folder = networkFolder(cacheFolder(options.cacheDir), options.id ?? INCEPTION_ID);
  if (!(await isFile(path.join(folder, MANIFEST)))) return undefined;
  const manifest = options.verify ? (await readModelFolder(folder)).manifest : await readManifest(folder);
  return { folder, manifest };
}

/** Networks that are there but are not the published one, which nothing takes in its stead. */
async function otherNetworks(cache: string): Promise<string[]> {
  const folders = NETWORK_IDS.filter((id) => id !== INCEPTION_ID).map((id) => networkFolder(cache, id));
  const found = await Promise.all(folders.map((folder) => isFile(path.join(folder, MANIFEST))));
  return folders.filter((_, i) => found[i]);
}

/** The error where the network is not. @param why what kept it from being downloaded */
export async function noWeights(
  cacheDir: string | undefined,
  why?: string,
  cause?: unknown,
): Promise<GanEvalError> {
  const cache = cacheFolder(cacheDir);
  const others = await otherNetworks(cache);
  return new GanEvalError(
    "unavailable.inception-weights",
    `expected the weights of the Inception network in ${networkFolder(cache, INCEPTION_ID)}, got nothing there${why === undefined ? "" : ` (${why})`}`,
    {
      cause,
      hint: [
        "Get them in one of three ways:",
        "  gan-eval inception download      (about 90 MB from download.tensorflow.org or github.com)",
        "  gan-eval inception import FILE   (a .tgz, .pb, .pth, .safetensors or tensorflow.js folder from another machine)",
        "  GAN_EVAL_CACHE=DIR, --cache-dir DIR or --weights PATH   (if you already have them)",
        "For 28x28 grey digits, --extractor digits needs no download.",
        ...others.map(
          (folder) =>
            `A network with other weights is used only if you name it: --weights ${locationToShell(folder)}`,
        ),
      ].join("\n"),
    },
  );
}

/**
 * Reads the installed network, every file held to its checksum.
 * @throws GanEvalError `unavailable.inception-weights`; `input.*` where it is damaged
 */
export async function readInstalled(cacheDir?: string): Promise<NetworkModel> {
  const folder = networkFolder(cacheFolder(cacheDir), INCEPTION_ID);
  if (!(await isFile(path.join(folder, MANIFEST)))) throw await noWeights(cacheDir);
  return readModelFolder(folder);
}
