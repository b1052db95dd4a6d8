/** The command `gan-eval network verify`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval network verify [NAME...]`: exit 1 where one that is named is absent, or any is damaged. */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library, signal, onProgress }: CommandContext,
  names: readonly string[],
): Promise<Outcome> {
  const networks = await library.verifyNetworks(names, { cacheDir, signal, onProgress });
  const json = { schema: "gan-eval/network-verify/1", networks };
  const table = {
    columns: [
      { key: "id", title: "network" },
      { key: "state", title: "state" },
      { key: "detail", title: "detail" },
    ],
    rows: networks.map(({ id, state, detail = null }) => ({ id, state, detail })),
  };
  const gateFailed = networks.some(({ state }) => state !== "whole");
  if (networks.length > 0) return { ...tableToOutcome(json, table), gateFailed };
  const folder = await library.cacheFolder(cacheDir);
  return tableToOutcome(json, table, () => `no network is installed in ${folder}\n`);
}
