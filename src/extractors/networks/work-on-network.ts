/** What the commands of networks do with one of them, by its name. */
import type { InstalledFacts, NetworkWorkOptions } from "../../networks/named-network.ts";
import { removeNetwork as removeFolder } from "../../networks/remove-network.ts";
import { type NetworkEntry, networkToEntry } from "./list-networks.ts";
import { namedNetworks, wordToNetwork } from "./named-networks.ts";

/** @throws GanEvalError `usage.network-name` */
export const showNetwork = async (
  word: string,
  { cacheDir }: { readonly cacheDir?: string | undefined } = {},
  networks = namedNetworks(),
): Promise<NetworkEntry> => networkToEntry(wordToNetwork(word, networks).network, cacheDir);

/** @throws GanEvalError `usage.network-name`, `unavailable.download`, `input.cannot-write` */
export const downloadNetwork = async (
  word: string,
  options: NetworkWorkOptions = {},
  networks = namedNetworks(),
): Promise<InstalledFacts> => wordToNetwork(word, networks).network.download(options);

/** @throws GanEvalError `usage.network-name`, `input.network-pin`, `input.cannot-read`, `input.cannot-write` */
export const importNetwork = async (
  word: string,
  file: string,
  options: NetworkWorkOptions & { readonly otherWeights?: boolean } = {},
  networks = namedNetworks(),
): Promise<InstalledFacts> => wordToNetwork(word, networks).network.importFile(file, options);

export interface RemovedNetwork {
  readonly id: string;
  /** Null where nothing was installed. */
  readonly bytes: number | null;
}

/** @throws GanEvalError `usage.network-name`, `input.cannot-write` */
export async function removeNetwork(
  word: string,
  { cacheDir }: { readonly cacheDir?: string | undefined } = {},
  networks = namedNetworks(),
): Promise<RemovedNetwork> {
  const { id } = wordToNetwork(word, networks);
  return { id, bytes: (await removeFolder(id, cacheDir)) ?? null };
}
