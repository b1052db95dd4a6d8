/** Options of installing networks. */
import { toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const NETWORK_ROWS = {
  otherWeights: option({
    group: "Data",
    kind: toggle(),
    default: false,
    summary: "also take a file that is not the official one, under the name NAME-other-weights",
  }),
} as const;
