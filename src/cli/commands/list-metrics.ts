/** The command `gan-eval list-metrics`. */

import type { Role } from "../../math/role.ts";
import type { Metric, Requirement } from "../../metrics/metric.ts";
import { metrics } from "../../metrics/table.ts";
import type { Outcome } from "../command.ts";
import { tableToOutcome } from "../outcomes.ts";

const ROLES: Readonly<Record<Role, string>> = { real: "--real", fake: "--fake", heldOut: "--held-out" };

/** Requirements whose name alone says too little. */
const REQUIREMENT_NAMES: Readonly<Partial<Record<Requirement, string>>> = {
  spatial: "spatial features",
  pairs: "pairs (--paired)",
  groups: "several outputs of each input",
};

/** `--real and --fake features`. */
function needsToText({ needs }: Metric): string {
  const flags = (Object.keys(ROLES) as Role[]).filter((role) => needs[role]).map((role) => ROLES[role]);
  const requirements = new Set(Object.values(needs).flat());
  const what = [...requirements].map((requirement) => REQUIREMENT_NAMES[requirement] ?? requirement);
  return `${flags.join(", ")}: ${what.join(", ")}`;
}

const parametersToText = ({ defaults }: Metric): string =>
  Object.entries(defaults)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

/** `gan-eval list-metrics`: the table that `--metrics` chooses from. */
export async function run(): Promise<Outcome> {
  const rows = Object.values(metrics).map((row) => ({
    id: row.id,
    label: row.label,
    better: row.direction,
    needs: needsToText(row),
    defaults: parametersToText(row),
    source: `${row.source.paper}; as ${row.source.library}`,
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
