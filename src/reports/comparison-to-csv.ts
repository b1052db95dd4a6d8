/** A comparison as CSV. */
import type { Comparison } from "../compare/comparison.ts";
import { comparisonToRowTable } from "./comparison-to-tables.ts";
import { tableToCsv } from "./table.ts";

/** One row a run or result. */
export const comparisonToCsv = (comparison: Comparison): Promise<string> =>
  tableToCsv(comparisonToRowTable(comparison));
