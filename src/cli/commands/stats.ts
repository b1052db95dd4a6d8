import { countToText, countToWords } from "../../reports/quantities.ts";
import { type Cell, tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { optionsToFlags, withoutUndefined, wordToShell } from "../measure.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

type Name =
  | "images"
  | "statisticsOut"
  | "split"
  | "limit"
  | "onError"
  | "extractor"
  | "featureEnd"
  | "resize"
  | "ddof"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "weights"
  | "cacheDir";

/** The other side of a comparison must be made in the same way. */
const PROTOCOL_OPTIONS = ["extractor", "featureEnd", "resize", "ddof"] as const;

/** `gan-eval stats --images A --out a.npz` */
export async function run(
  values: OptionValues<Name, "images" | "statisticsOut">,
  context: CommandContext,
): Promise<Outcome> {
  const { images, statisticsOut, extractor, resize, onError, batchSize, engine, device, ddof } = values;
  const made = await context.library.makeStatistics({
    images,
    out: statisticsOut,
    extractor,
    resize,
    onError,
    batchSize,
    engine,
    device,
    ddof: ddof === 0 ? 0 : 1,
    ...withoutUndefined({
      featureEnd: values.featureEnd,
      split: values.split,
      limit: values.limit,
      threads: values.threads,
      weights: values.weights,
      cacheDir: values.cacheDir,
    }),
    onProgress: context.onProgress,
    signal: context.signal,
    clock: context.clock,
    command: context.argv,
  });
  const { warnings, ...json } = made;
  const facts: Record<string, Cell> = {
    wrote: made.out,
    from: `${images}, ${countToWords(made.count, "picture")}`,
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
    hints: [
      `gan-eval fid --real ${wordToShell(made.out)} --fake DIR${optionsToFlags(PROTOCOL_OPTIONS, values)}`,
    ],
  };
}
