/** The command `gan-eval network remove`. */
import type { RemovedNetwork } from "../../extractors/networks/work-on-network.ts";
import { bytesToText } from "../../reports/quantities.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval network remove NAME...`: asks nothing; that nothing was there is no error. */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library }: CommandContext,
  names: readonly string[],
): Promise<Outcome> {
  for (const name of names) await library.showNetwork(name, { cacheDir });
  const removed: RemovedNetwork[] = [];
  for (const name of names) removed.push(await library.removeNetwork(name, { cacheDir }));
  return tableToOutcome(
    { schema: "gan-eval/removed-networks/1", networks: removed },
    {
      columns: [
        { key: "id", title: "network" },
        { key: "bytes", title: "bytes", align: "right" },
      ],
      rows: removed.map(({ id, bytes }) => ({ id, bytes })),
    },
    () =>
      removed
        .map(({ id, bytes }) =>
          bytes === null ? `${id} was not installed\n` : `removed ${id}, ${bytesToText(bytes)}\n`,
        )
        .join(""),
  );
}
