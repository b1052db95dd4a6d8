/** The command `gan-eval cache list`. */
import { bytesToText, countToWords } from "../../reports/quantities.ts";
import { tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { entriesToShortTable, entriesToTable, entryToJson } from "./cache/cache-table.ts";

/** `gan-eval cache list` */
export async function run(
  { cacheDir }: OptionValues<"cacheDir">,
  { library }: CommandContext,
): Promise<Outcome> {
  const folder = await library.cacheFolder(cacheDir);
  const entries = await library.listFeatureCache(folder);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const json = { schema: "gan-eval/cache/1", folder, bytes, entries: entries.map(entryToJson) };
  const table = entriesToTable(entries);
  if (entries.length === 0) return tableToOutcome(json, table, () => `no features are cached in ${folder}\n`);
  const total = `${countToWords(entries.length, "entry", "entries")}, ${bytesToText(bytes)} in ${folder}`;
  return {
    ...tableToOutcome(
      json,
      table,
      (page) => `${tableToText(entriesToShortTable(entries), page)}\n${total}\n`,
    ),
    hints: ["gan-eval cache clear --older-than 30   # remove what was not used for 30 days"],
  };
}
