/** The command `gan-eval network import`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { installedToOutcome } from "./network/installed-outcome.ts";

/** `gan-eval network import NAME FILE` */
export async function run(
  { cacheDir, otherWeights }: OptionValues<"cacheDir" | "otherWeights">,
  { library, signal, onProgress }: CommandContext,
  args: readonly string[],
): Promise<Outcome> {
  const [name, file] = args as readonly [string, string];
  const options = { cacheDir, otherWeights, signal, onProgress };
  return installedToOutcome([await library.importNetwork(name, file, options)]);
}
