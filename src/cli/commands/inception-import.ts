/** The command `gan-eval inception import`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { networkToOutcome } from "./inception/network-outcome.ts";

/** `gan-eval inception import FILE` */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library, signal, onProgress }: CommandContext,
  args: readonly string[],
): Promise<Outcome> {
  const [file] = args as readonly [string];
  const info = await library.importInception(file, { cacheDir, signal, onProgress });
  return networkToOutcome(info, ["gan-eval fid --real DIR --fake DIR"]);
}
