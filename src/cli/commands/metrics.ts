/** The command `gan-eval metrics`. */
import { idToMetric, type MetricId } from "../../metrics/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { type MeasureValues, measure } from "../measure.ts";

/** `gan-eval metrics --metrics fid,is --real A --fake B` */
export async function run(
  values: MeasureValues & { readonly metrics: readonly string[] },
  context: CommandContext,
): Promise<Outcome> {
  const ids = values.metrics.map((id) => idToMetric(id).id as MetricId);
  return measure(ids, values, context);
}
