/** The command `gan-eval stats`. */
import { GanEvalError } from "../../errors.ts";
import { EXTRACTOR_ROWS } from "../../evaluate/extractor-rows.ts";
import type { MadeStatistics } from "../../evaluate/statistics/make-statistics.ts";
import { tableToNames, withDefaults } from "../../options/table.ts";
import { countToText, countToWords } from "../../reports/quantities.ts";
import { type Cell, tableToText } from "../../reports/table.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { optionsToFlags } from "../measure.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { requireWritable } from "../require-writable.ts";

type Name =
  | "images"
  | "statisticsOut"
  | "statsFormat"
  | "split"
  | "limit"
  | "onError"
  | "extractor"
  | keyof typeof EXTRACTOR_ROWS
  | "featureEnd"
  | "resize"
  | "ddof"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "weights"
  | "cacheDir"
  | "offline";

/** The other side of a comparison must be made in the same way. */
const PROTOCOL_OPTIONS = [
  "extractor",
  ...tableToNames(EXTRACTOR_ROWS),
  "featureEnd",
  "resize",
  "ddof",
] as const;

/** A file is of one extractor. @throws GanEvalError `usage.extractors` */
export function requireOne(extractors: readonly string[]): string {
  const [extractor] = extractors;
  if (extractor !== undefined && extractors.length === 1) return extractor;
  throw new GanEvalError("usage.extractors", `expected one extractor, got ${extractors.join(", ")}`, {
    hint: "A file holds the statistics of one extractor: make one file for each.",
  });
}

/** What was written, as a table of facts. */
export function madeToOutcome(made: MadeStatistics, from: string, hints: readonly string[]): Outcome {
  const { warnings, ...json } = made;
  const facts: Record<string, Cell> = {
    wrote: made.out,
    from: `${from}, ${countToWords(made.count, "image")}`,
    features: `${countToText(made.dims)}, ${made.origin.extractor ?? "unknown extractor"}, resize ${made.origin.resize ?? "unknown"}`,
  };
  const table = {
    columns: [
      { key: "name", title: "" },
      { key: "value", title: "" },
    ],
    rows: Object.entries(facts).map(([name, value]) => ({ name, value })),
  };
  return {
    ...tableToOutcome({ ...json, warnings }, table, (page) => tableToText(table, page).trimStart()),
    warnings,
    hints,
  };
}

/** `gan-eval stats --images A --out a.npz` */
export async function run(
  values: OptionValues<Name, "images" | "statisticsOut">,
  context: CommandContext,
): Promise<Outcome> {
  await requireWritable(values.statisticsOut);
  const extractor = requireOne(values.extractor);
  const { images, statisticsOut, resize, featureEnd, ddof, split, limit, onError } = values;
  const { batchSize, engine, device, threads, weights, cacheDir, offline } = values;
  const made = await context.library.makeStatistics({
    images,
    out: statisticsOut,
    format: values.statsFormat,
    extractor,
    ...{ resize, featureEnd, ddof, split, limit, onError },
    ...{ batchSize, engine, device, threads, weights, cacheDir, offline },
    cache: false,
    ...withDefaults(EXTRACTOR_ROWS, values),
    onProgress: context.onProgress,
    signal: context.signal,
    clock: context.clock,
    steadyClock: context.steadyClock,
    command: context.argv,
  });
  return madeToOutcome(made, images, [
    `gan-eval fid --real ${locationToShell(made.out)} --fake DIR${optionsToFlags(PROTOCOL_OPTIONS, values)}`,
  ]);
}
