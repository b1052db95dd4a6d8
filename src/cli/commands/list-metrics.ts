import type { MetricMeta } from "../../metrics/meta.ts";
import { metrics } from "../../metrics/table.ts";
import type { Outcome } from "../command.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval list-metrics`: the table that `--metrics` chooses from. */
export async function run(): Promise<Outcome> {
  const rows = (Object.values(metrics) as MetricMeta[]).map((meta) => ({
    id: meta.id,
    label: meta.label,
    better: meta.direction,
    needs: meta.needs === "fake-logits" ? "--fake" : "--real and --fake",
    defaults: Object.entries(meta.defaults)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
    source: `${meta.source.paper}; as ${meta.source.library}`,
  }));
  return tableToOutcome(Object.values(metrics), {
    columns: [
      { key: "id", title: "id" },
      { key: "label", title: "metric" },
      { key: "better", title: "better" },
      { key: "needs", title: "needs" },
      { key: "defaults", title: "defaults" },
      { key: "source", title: "definition" },
    ],
    rows,
  });
}
