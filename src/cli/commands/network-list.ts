/** The command `gan-eval network list`. */
import { tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { entriesToShortTable, entriesToTable } from "./network/network-table.ts";

/** `gan-eval network list` */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library }: CommandContext,
): Promise<Outcome> {
  const networks = await library.listNetworks({ cacheDir });
  const folder = await library.cacheFolder(cacheDir);
  return {
    ...tableToOutcome({ schema: "gan-eval/networks/1", folder, networks }, entriesToTable(networks), (page) =>
      tableToText(entriesToShortTable(networks), page),
    ),
    warnings: networks.flatMap(({ problem }) =>
      problem === undefined ? [] : [{ code: "network-damaged", message: problem }],
    ),
    hints: ["gan-eval network info NAME   # what it is, its file, its sha256, where it is installed"],
  };
}
