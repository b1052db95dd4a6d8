/** Holds installed networks to their hashes, byte by byte. */

import { GanEvalError } from "../../errors.ts";
import type { NetworkWorkOptions } from "../../networks/named-network.ts";
import { wordToShell } from "../../shell-word.ts";
import { errorToDetail } from "./list-networks.ts";
import { type NamedId, namedNetworks, wordToNetwork } from "./named-networks.ts";

export interface VerifiedNetwork {
  readonly id: string;
  readonly state: "whole" | "damaged" | "absent";
  /** Why it is not whole, and what to do. */
  readonly detail?: string;
}

async function verify({ network, id }: NamedId, options: NetworkWorkOptions): Promise<VerifiedNetwork> {
  try {
    if ((await network.installed(id, options.cacheDir)) === undefined)
      return {
        id,
        state: "absent",
        detail: `not installed; gan-eval network download ${wordToShell(network.name)}`,
      };
    await network.verify(id, options);
    return { id, state: "whole" };
  } catch (error) {
    if (!(error instanceof GanEvalError)) throw error;
    return { id, state: "damaged", detail: errorToDetail(error) };
  }
}

/**
 * @param words names of networks; all that are installed if there are none
 * @throws GanEvalError `usage.network-name`
 */
export async function verifyNetworks(
  words: readonly string[],
  options: NetworkWorkOptions = {},
  networks = namedNetworks(),
): Promise<VerifiedNetwork[]> {
  const named =
    words.length > 0
      ? words.map((word) => wordToNetwork(word, networks))
      : networks.flatMap((network) => network.ids.map((id) => ({ network, id })));
  const verified: VerifiedNetwork[] = [];
  for (const each of named) {
    options.signal?.throwIfAborted();
    verified.push(await verify(each, options));
  }
  return words.length > 0 ? verified : verified.filter(({ state }) => state !== "absent");
}
