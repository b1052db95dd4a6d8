/** What can be done with any network that has a name, whatever its kind of file. */
import type { Progress } from "../progress.ts";
import type { DownloadNetworkOptions } from "./download-network.ts";
import { importNetwork } from "./import-network.ts";
import {
  type InstalledNetwork,
  readInstalledNetwork,
  readPinnedNetwork,
  verifyInstalled,
} from "./installed.ts";
import { nameToOtherId } from "./manifest.ts";
import { NETWORKS, type NetworkArchitecture, type NetworkRow } from "./table.ts";

/** A file that its authors distribute. */
export interface PublishedFile {
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  /** `sha256 0b8b...`, in full. */
  readonly checksum: string;
}

/** What is installed under an id. */
export interface InstalledFacts {
  readonly id: string;
  readonly folder: string;
  readonly bytes: number;
  /** Of the file; of Inception, of its weights. */
  readonly sha256: string;
  /** Whether it was the pinned file when it was installed. */
  readonly official: boolean;
  /** The server or file that it came from. */
  readonly from: string;
  /** Who else stated the same hash while it was downloaded. */
  readonly confirmedBy?: string | undefined;
}

export interface NetworkWorkOptions extends Omit<DownloadNetworkOptions, "isFirstUse"> {
  readonly cacheDir?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface NamedNetwork {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  /** Of the features; undefined of networks that give none. */
  readonly width?: number;
  /** How an image comes to it: `224 x 224, ImageNet's mean and deviation`. */
  readonly input: string;
  readonly isConfirmed: boolean;
  /** In the order in which they are tried. */
  readonly files: readonly PublishedFile[];
  /** What may be installed of it: the network, then other weights of its shape. */
  readonly ids: readonly [string, ...string[]];
  /** @throws GanEvalError `input.manifest`, `input.permission` */
  installed(id: string, cacheDir?: string): Promise<InstalledFacts | undefined>;
  download(options: NetworkWorkOptions): Promise<InstalledFacts>;
  importFile(
    file: string,
    options: NetworkWorkOptions & { readonly otherWeights?: boolean },
  ): Promise<InstalledFacts>;
  /** @throws GanEvalError `input.network-checksum` and others where what is installed is damaged */
  verify(id: string, options: NetworkWorkOptions): Promise<void>;
}

const toFacts = ({ folder, manifest }: InstalledNetwork): InstalledFacts => ({
  id: manifest.id,
  folder,
  bytes: manifest.file.bytes,
  sha256: manifest.file.sha256,
  official: manifest.official,
  from: manifest.source.from,
  confirmedBy: manifest.source.confirmedBy,
});

const toWidth = (architecture: NetworkArchitecture): { width?: number } => {
  if (architecture.kind === "dinov2") return { width: architecture.width };
  return architecture.kind === "clip" ? { width: architecture.projection } : {};
};

const SCALINGS: Readonly<Record<NetworkRow["scaling"], string>> = {
  imagenet: "ImageNet's mean and standard deviation",
  clip: "CLIP's mean and standard deviation",
};

/** A row with what can be done with it. */
function rowToNetwork(name: string, row: NetworkRow): NamedNetwork {
  const { title, licence, file, inputSize, scaling } = row;
  const input = `${inputSize} x ${inputSize}, ${SCALINGS[scaling]}`;
  const read = (id: string, cacheDir?: string) =>
    id === name ? readPinnedNetwork(name, row, cacheDir) : readInstalledNetwork(id, cacheDir);
  return {
    ...{ name, title, licence, input, ...toWidth(row.architecture), isConfirmed: file.isConfirmed },
    files: file.urls.map((url) => ({
      name: file.name,
      url,
      bytes: file.bytes,
      checksum: `sha256 ${file.sha256}`,
    })),
    ids: [name, nameToOtherId(name)],
    installed: async (id, cacheDir) => {
      const found = await read(id, cacheDir);
      return found && toFacts(found);
    },
    download: async (options) => {
      const { downloadNetwork } = await import("./download-network.ts");
      return toFacts(await downloadNetwork(name, row, options));
    },
    importFile: async (location, options) => toFacts(await importNetwork(name, row, location, options)),
    verify: async (id, options) => {
      const found = await read(id, options.cacheDir);
      if (found !== undefined) await verifyInstalled(found, options);
    },
  };
}

/** The networks of the table. */
export const tableToNetworks = (): readonly NamedNetwork[] =>
  Object.entries(NETWORKS).map(([name, row]) => rowToNetwork(name, row));
