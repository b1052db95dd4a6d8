/** The command `gan-eval network download`. */
import type { InstalledFacts } from "../../networks/named-network.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { installedToOutcome } from "./network/installed-outcome.ts";

/** `gan-eval network download NAME...`: one after the other; all names are looked at before the first begins. */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library, signal, onProgress }: CommandContext,
  names: readonly string[],
): Promise<Outcome> {
  for (const name of names) await library.showNetwork(name, { cacheDir });
  const installed: InstalledFacts[] = [];
  for (const name of names)
    installed.push(await library.downloadNetwork(name, { cacheDir, signal, onProgress }));
  return installedToOutcome(installed);
}
