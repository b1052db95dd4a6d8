/** The command `gan-eval cache clear`. */
import { bytesToText, countToWords } from "../../reports/quantities.ts";
import { tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { entriesToShortTable, entriesToTable, entryToJson } from "./cache/cache-table.ts";

/** `gan-eval cache clear`: asks nothing; networks stay, and what a living process is writing. */
export async function run(
  values: OptionValues<"cacheDir" | "olderThan" | "downTo" | "partial" | "clearDryRun">,
  { library, clock }: CommandContext,
): Promise<Outcome> {
  const { cacheDir, olderThan, downTo, partial, clearDryRun: dryRun } = values;
  const { removed, inUse, bytes } = await library.clearFeatureCache(await library.cacheFolder(cacheDir), {
    clock,
    olderThan,
    downTo,
    partial,
    dryRun,
  });
  const said = `${dryRun ? "would remove" : "removed"} ${countToWords(removed.length, "entry", "entries")}, ${bytesToText(bytes)}`;
  const left =
    inUse.length === 0 ? "" : `; ${countToWords(inUse.length, "entry", "entries")} kept, still being written`;
  return tableToOutcome(
    {
      schema: "gan-eval/cache-clear/1",
      ...{ dryRun, bytes },
      removed: removed.map(entryToJson),
      inUse: inUse.map(entryToJson),
    },
    entriesToTable(removed),
    (page) =>
      `${removed.length === 0 ? "" : `${tableToText(entriesToShortTable(removed), page)}\n`}${said}${left}\n`,
  );
}
