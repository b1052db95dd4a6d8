/** Comparison by what a user gives: folders, patterns and files. */
import type { Comparison } from "./comparison.ts";
import type { CompareOptions } from "./entries-to-comparison.ts";
import { listRunFolders } from "./list-entries.ts";
import { readResults } from "./read-results.ts";
import { type LocatedResult, resultsToComparison } from "./results-to-comparison.ts";
import { runsToComparison, type Watch } from "./runs-to-comparison.ts";

/**
 * Runs at locations: their folders, the folders that they lie in, or patterns with `*` and `?`.
 * @throws GanEvalError `input.not-a-run` where there are none, and what `runsToComparison` throws
 */
export const compareRuns = async (
  locations: readonly string[],
  options: CompareOptions & Watch = {},
): Promise<Comparison> => runsToComparison(await listRunFolders(locations), options);

/**
 * Result files, read one after the other.
 * @throws GanEvalError `input.not-a-result`, and what `resultsToComparison` throws
 */
export async function compareResults(
  files: readonly string[],
  { signal, onProgress, ...options }: CompareOptions & Watch = {},
): Promise<Comparison> {
  const results: LocatedResult[] = [];
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    results.push(...(await readResults(file)));
    onProgress?.({ stage: "reading", done: i + 1, total: files.length, unit: "files" });
  }
  signal?.throwIfAborted();
  return resultsToComparison(results, options);
}
