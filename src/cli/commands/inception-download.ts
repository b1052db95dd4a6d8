/** The command `gan-eval inception download`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { networkToOutcome } from "./inception/network-outcome.ts";

/** `gan-eval inception download` */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library, signal, onProgress }: CommandContext,
): Promise<Outcome> {
  const info = await library.downloadInception({ cacheDir, signal, onProgress });
  return networkToOutcome(info, ["gan-eval fid --real DIR --fake DIR"]);
}
