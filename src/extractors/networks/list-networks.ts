/** What is known and installed of every network that has a name. */
import { GanEvalError } from "../../errors.ts";
import type { InstalledFacts, NamedNetwork } from "../../networks/named-network.ts";
import { namedNetworks } from "./named-networks.ts";

/** A network and what is installed of it; plain data. */
export interface NetworkEntry
  extends Pick<NamedNetwork, "name" | "title" | "licence" | "width" | "input" | "files"> {
  /** Whether a file has been held to the pinned hash: here, when it was installed, or by gan-eval's authors. */
  readonly verified: boolean;
  readonly installed?: InstalledFacts;
  /** Other weights of its shape, which are used only if they are named. */
  readonly others: readonly InstalledFacts[];
  /** Why what is installed cannot be used. */
  readonly problem?: string;
}

/** An error as one line. */
export const errorToDetail = ({ message, hint }: GanEvalError): string =>
  hint === undefined ? message : `${message}. ${hint}`;

export async function networkToEntry(network: NamedNetwork, cacheDir?: string): Promise<NetworkEntry> {
  const { name, title, licence, width, input, files, ids, isConfirmed } = network;
  let problem: string | undefined;
  const read = (id: string) =>
    network.installed(id, cacheDir).catch((error) => {
      if (!(error instanceof GanEvalError)) throw error;
      problem = errorToDetail(error);
      return undefined;
    });
  const [installed, ...others] = await Promise.all(ids.map(read));
  return {
    ...{ name, title, licence, ...(width !== undefined && { width }), input, files },
    verified: isConfirmed || installed?.official === true,
    ...(installed && { installed }),
    others: others.filter((other) => other !== undefined),
    ...(problem !== undefined && { problem }),
  };
}

/** What is installed but damaged is a problem of its entry, not an error. */
export const listNetworks = (
  { cacheDir }: { readonly cacheDir?: string | undefined } = {},
  networks = namedNetworks(),
): Promise<NetworkEntry[]> => Promise.all(networks.map((network) => networkToEntry(network, cacheDir)));
