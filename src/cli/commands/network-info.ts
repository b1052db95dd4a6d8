/** The command `gan-eval network info`. */

import { tableToText } from "../../reports/table.ts";
import { wordToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { entryToFacts } from "./network/network-table.ts";

/** `gan-eval network info NAME`: that it is not installed is an answer, not an error. */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library }: CommandContext,
  args: readonly string[],
): Promise<Outcome> {
  const [name] = args as readonly [string];
  const network = await library.showNetwork(name, { cacheDir });
  const table = entryToFacts(network);
  return {
    ...tableToOutcome({ schema: "gan-eval/network/1", ...network }, table, (page) =>
      tableToText(table, page).trimStart(),
    ),
    hints:
      network.installed === undefined
        ? [
            `gan-eval network download ${wordToShell(network.name)}`,
            `gan-eval network import ${wordToShell(network.name)} FILE   # fetched on another machine`,
          ]
        : [],
  };
}
