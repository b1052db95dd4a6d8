/** Measuring parts of a side: a half or a quarter may be too few rows for a metric. */
import { isCode } from "../../errors.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { ScoreOptions } from "./score-context.ts";

/** What parts of the sides give; undefined, with a warning, where a part is too few for the metric. */
export async function partsOrNothing<T>(
  { id }: Pick<Metric, "id">,
  { wanted, part }: { readonly wanted: "interval" | "floor"; readonly part: string },
  measure: () => T | Promise<T>,
  { warn }: Pick<ScoreOptions, "warn">,
): Promise<T | undefined> {
  try {
    return await measure();
  } catch (error) {
    if (!isCode(error, "input.too-few-samples")) throw error;
    warn({
      code: `no-${wanted}`,
      message: `${id}: no ${wanted}, because ${part} is too small: ${error.message}`,
      hint: error.hint ?? "Give more images.",
    });
    return undefined;
  }
}
