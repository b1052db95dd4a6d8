/** The command `gan-eval stats`. */
import { GanEvalError } from "../../errors.ts";
import { FILE_ROWS } from "../../evaluate/sides/options.ts";
import type { MadeStatistics } from "../../evaluate/statistics/make-statistics.ts";
import type { MadePart } from "../../evaluate/statistics/shared-statistics.ts";
import { partToText } from "../../options/part.ts";
import { tableToNames, withDefaults } from "../../options/table.ts";
import { countToText, countToWords } from "../../reports/quantities.ts";
import { type Cell, tableToText } from "../../reports/table.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { type QueuedMeasurementValues, valuesToAccess } from "../extract-first.ts";
import { optionsToFlags } from "../measure.ts";
import { EXTRACTOR_OPTIONS, valuesToExtractorOptions } from "../options/extractor.ts";
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
  | "imageKey"
  | keyof typeof FILE_ROWS
  | "extractor"
  | keyof typeof EXTRACTOR_OPTIONS
  | "featureEnd"
  | "resize"
  | "ddof"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "tf32"
  | "selfCheck"
  | "weights"
  | "cacheDir"
  | "offline"
  | "cache"
  | "cacheLimit"
  | "statisticsPart"
  | "statisticsCollect"
  | "leafGroup"
  | "work";

/** The other side of a comparison must be made in the same way. */
const PROTOCOL_OPTIONS = [
  "extractor",
  ...tableToNames(EXTRACTOR_OPTIONS),
  "featureEnd",
  "resize",
  "ddof",
] as const;

/** What decides which images are joined, and to what. */
const COLLECT_OPTIONS = ["split", "limit", "onError", "extractor", "ddof", "statsFormat", "work"] as const;

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
  return { ...factsToOutcome(facts, { ...json, warnings }), warnings, hints };
}

function factsToOutcome(facts: Readonly<Record<string, Cell>>, json: object): Outcome {
  const table = {
    columns: [
      { key: "name", title: "" },
      { key: "value", title: "" },
    ],
    rows: Object.entries(facts).map(([name, value]) => ({ name, value })),
  };
  return tableToOutcome(json, table, (page) => tableToText(table, page).trimStart());
}

/** What a part left, as a table of facts. */
function partToOutcome({ warnings, ...json }: MadePart, from: string, collect: string): Outcome {
  const { work, part, leaves, of, count } = json;
  const found = leaves.filter((made) => made.found).length;
  const skipped = leaves.flatMap((made) => made.skipped).reduce((sum, each) => sum + each, 0);
  const facts: Record<string, Cell> = {
    wrote: `${countToWords(leaves.length - found, "group")} of leaves to ${work}${found > 0 ? `, found ${found}` : ""}`,
    part: `${partToText(part)}: ${countToWords(
      leaves.reduce((sum, { from: first, to }) => sum + to - first, 0),
      "leaf",
      "leaves",
    )} of ${of}`,
    from: `${from}, ${countToWords(count, "image")}${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  };
  return { ...factsToOutcome(facts, { ...json, warnings }), warnings, hints: [collect] };
}

type Values = OptionValues<Name, "images" | "statisticsOut"> & QueuedMeasurementValues;

function requireOneWay({ statisticsPart, statisticsCollect, queue }: Values): void {
  const ways = [
    ...(statisticsPart === undefined ? [] : ["--part"]),
    ...(statisticsCollect ? ["--collect"] : []),
    ...(queue === undefined ? [] : ["--queue"]),
  ];
  if (ways.length < 2) return;
  throw new GanEvalError(
    "usage.conflicting-option",
    `expected one of --part, --collect and --queue, got ${ways.join(" and ")}`,
    {
      hint:
        queue === undefined
          ? "Make all parts first, each with --part I/N; then join them with --collect."
          : "Workers of a queue share the images out by themselves, and the file is joined at the end.",
    },
  );
}

/** `gan-eval stats --images A --out a.npz` */
export async function run(values: Values, context: CommandContext): Promise<Outcome> {
  requireOneWay(values);
  await requireWritable(values.statisticsOut);
  const extractor = requireOne(values.extractor);
  const { images, statisticsOut, resize, featureEnd, ddof, split, limit, onError, imageKey } = values;
  const { batchSize, engine, device, threads, tf32, selfCheck, weights, cacheDir, offline } = values;
  const { statisticsPart: part, statisticsCollect, leafGroup, work, cache, cacheLimit } = values;
  const request = {
    images,
    out: statisticsOut,
    format: values.statsFormat,
    extractor,
    ...{ resize, featureEnd, ddof, split, limit, onError, imageKey },
    ...withDefaults(FILE_ROWS, values),
    ...{ batchSize, engine, device, threads, tf32, selfCheck, weights, cacheDir, cacheLimit, offline },
    ...valuesToExtractorOptions(values),
    onProgress: context.onProgress,
    signal: context.signal,
    clock: context.clock,
    steadyClock: context.steadyClock,
    command: context.argv,
  };
  const shared = { ...request, ...(work !== undefined && { work }) };
  if (part)
    return partToOutcome(
      await context.library.makeStatisticsPart({ ...shared, part, leafGroup, cache }),
      images,
      `gan-eval stats --images ${locationToShell(images)} --out ${locationToShell(statisticsOut)}${optionsToFlags(COLLECT_OPTIONS, values)} --collect`,
    );
  const access = statisticsCollect ? undefined : valuesToAccess(values);
  const queued = access ? await context.library.extractStatisticsOverQueue(shared, access) : [];
  const joined =
    statisticsCollect || access
      ? await context.library.collectStatistics(shared)
      : await context.library.makeStatistics({ ...request, cache: false });
  const made = { ...joined, warnings: [...joined.warnings, ...queued] };
  return madeToOutcome(made, images, [
    `gan-eval fid --real ${locationToShell(made.out)} --fake DIR${optionsToFlags(PROTOCOL_OPTIONS, values)}`,
  ]);
}
