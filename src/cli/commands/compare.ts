/** The command `gan-eval compare`. */
import { GanEvalError } from "../../errors.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { comparisonToOutcome } from "../comparison-to-outcome.ts";
import type { OptionValues } from "../options.ts";

type CompareValues = OptionValues<"compareMetric" | "compareBaseline" | "at" | "groupBy" | "compareForce">;

/** `gan-eval compare` */
export async function run(
  { compareMetric: metric, compareBaseline: baseline, at, groupBy, compareForce: force }: CompareValues,
  { library, signal, onProgress }: CommandContext,
  locations: readonly string[],
): Promise<Outcome> {
  const options = { metric, baseline, at, groupBy, force };
  const files = locations.filter((location) => /\.json$/i.test(location));
  if (files.length > 0 && files.length < locations.length)
    throw new GanEvalError(
      "usage.compare",
      `expected runs or result files, got ${files.length} files and ${locations.length - files.length} others`,
      { hint: "Compare runs with runs, and results with results." },
    );
  if (files.length > 0)
    return comparisonToOutcome(
      await library.compareResults(files, { ...options, signal, onProgress }),
      [],
      [],
    );
  const comparison = await library.compareRuns(locations, { ...options, signal, onProgress });
  const where = locations.map(locationToShell).join(" ");
  return comparisonToOutcome(
    comparison,
    [],
    [`gan-eval report ${where} --out report.html   # the same comparison as charts`],
  );
}
