/** The command `gan-eval stats merge`. */
import { countToWords } from "../../reports/quantities.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { requireWritable } from "../require-writable.ts";
import { madeToOutcome, requireOne } from "./stats.ts";

/** `gan-eval stats merge a.npz b.npz --out all.npz` */
export async function run(
  values: OptionValues<"statisticsOut" | "statsFormat" | "extractor" | "ddof", "statisticsOut">,
  context: CommandContext,
  files: readonly string[],
): Promise<Outcome> {
  await requireWritable(values.statisticsOut);
  const made = await context.library.mergeStatistics({
    files,
    out: values.statisticsOut,
    ddof: values.ddof === 0 ? 0 : 1,
    signal: context.signal,
    onProgress: context.onProgress,
    format: values.statsFormat,
    // Unless it is said, a file's only statistics are meant.
    extractor: context.sources.extractor === "default" ? undefined : requireOne(values.extractor),
  });
  return madeToOutcome(made, countToWords(files.length, "file"), [
    `gan-eval fid --real ${locationToShell(made.out)} --fake DIR`,
  ]);
}
