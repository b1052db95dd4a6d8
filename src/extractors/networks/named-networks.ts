/** Every network that has a name, Inception first. */
import { GanEvalError } from "../../errors.ts";
import { inceptionNetwork } from "../../inception/inception-network.ts";
import { type NamedNetwork, tableToNetworks } from "../../networks/named-network.ts";
import { wordToSuggestion } from "../../suggestion.ts";

export const namedNetworks = (): readonly NamedNetwork[] => [inceptionNetwork(), ...tableToNetworks()];

/** A network, and the id of it that a word names. */
export interface NamedId {
  readonly network: NamedNetwork;
  readonly id: string;
}

/**
 * A network by its name, or by the name of other weights of its shape (`dinov2-b-other-weights`).
 * @throws GanEvalError `usage.network-name`
 */
export function wordToNetwork(word: string, networks = namedNetworks()): NamedId {
  for (const network of networks) {
    if (word === network.name) return { network, id: network.ids[0] };
    if (network.ids.includes(word)) return { network, id: word };
  }
  const names = networks.map(({ name }) => name);
  const near = wordToSuggestion(word, names);
  throw new GanEvalError("usage.network-name", `expected a network (${names.join(", ")}), got ${word}`, {
    hint: near ? `Did you mean ${near}?` : "gan-eval network list   # says what each is",
  });
}
