/** The command `gan-eval inception info`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { networkToOutcome } from "./inception/network-outcome.ts";

/** `gan-eval inception info`: that nothing is installed is an answer, not an error. */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library }: CommandContext,
): Promise<Outcome> {
  const info = await library.installedInception({ cacheDir });
  if (info !== undefined) return networkToOutcome(info, []);
  const folder = await library.cacheFolder(cacheDir);
  return {
    ...tableToOutcome(
      { installed: false, folder },
      {
        columns: [
          { key: "network", title: "network" },
          { key: "folder", title: "folder" },
        ],
        rows: [{ network: "none", folder }],
      },
      () => `no Inception network is installed in ${folder}\n`,
    ),
    hints: [
      "gan-eval inception download   # the official network, about 90 MB",
      "gan-eval inception import FILE   # .tgz, .pb, .pth, .safetensors or a tfjs folder",
    ],
  };
}
