/** Comparisons for programs, loaded when they are first asked for. */
import type { Comparison } from "../compare/comparison.ts";
import type { CompareOptions } from "../compare/entries-to-comparison.ts";
import type { Watch } from "../compare/runs-to-comparison.ts";
import { abortable } from "./abort.ts";

/**
 * Compares runs over their seeds. A location is a run's folder, a folder that runs lie in, or a pattern with `*` and `?`.
 * @throws GanEvalError `input.not-a-run` where there are none, `input.no-scores`, `input.unlike-protocols`,
 *   `usage.unknown-metric`, `usage.baseline`; AbortError where `signal` ended it
 */
export const compareRuns = (
  locations: readonly string[],
  options: CompareOptions & Watch = {},
): Promise<Comparison> =>
  abortable(options.signal, async () =>
    (await import("../compare/functions.ts")).compareRuns(locations, options),
  );

/**
 * Compares result files.
 * @throws GanEvalError `input.not-a-result`, `input.no-scores`, `input.unlike-protocols`, `usage.unknown-metric`,
 *   `usage.baseline`; AbortError where `signal` ended it
 */
export const compareResults = (
  files: readonly string[],
  options: CompareOptions & Watch = {},
): Promise<Comparison> =>
  abortable(options.signal, async () =>
    (await import("../compare/functions.ts")).compareResults(files, options),
  );
