/** A check as CSV. */
import type { CheckResult } from "../check/check-result.ts";
import { outcomeToExpected } from "./check-to-words.ts";
import { tableToCsv } from "./table.ts";

/** A row a limit, numbers in full. */
export const checkToCsv = ({ outcomes }: CheckResult): Promise<string> =>
  tableToCsv({
    columns: [
      { key: "status", title: "Status" },
      { key: "rule", title: "Rule" },
      { key: "limit", title: "Limit" },
      { key: "key", title: "Value" },
      { key: "expected", title: "Expected" },
      { key: "found", title: "Found" },
      { key: "low", title: "Low", align: "right" },
      { key: "high", title: "High", align: "right" },
      { key: "baseline", title: "Baseline" },
      { key: "values", title: "All values" },
      { key: "level", title: "Level" },
    ],
    rows: outcomes.map((outcome) => ({
      status: outcome.status,
      rule: outcome.rule,
      limit: outcome.limit,
      key: outcome.key ?? null,
      expected: outcomeToExpected(outcome),
      found: outcome.found ?? null,
      low: outcome.interval?.[0] ?? null,
      high: outcome.interval?.[1] ?? null,
      baseline: outcome.baseline ?? null,
      values: (outcome.values ?? []).join(" "),
      level: outcome.level,
    })),
  });
