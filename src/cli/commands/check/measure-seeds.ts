/** Results of one night: measured seed by seed, or read from files. */

import { type Measured, resultToMeasured } from "../../../check/measured.ts";
import { readMeasured } from "../../../check/read-results.ts";
import { GanEvalError, type Warning } from "../../../errors.ts";
import { requireAllMeasured } from "../../../evaluate/failures.ts";
import { idToMetric, type MetricId } from "../../../metrics/table.ts";
import { isByClass, keyToRow, nameToMetricId } from "../../../metrics/values.ts";
import type { CommandContext } from "../../command.ts";
import { extractFirst } from "../../extract-first.ts";
import { type MeasureValues, valuesToEvaluateOptions, valuesToExtractors } from "../../measure.ts";
import type { OptionValues } from "../../options.ts";

/** Those of `metrics`, but for its `--fake`: this one is a list. */
export type SeedValues = Omit<MeasureValues, "fake"> & OptionValues<"fakes" | "results" | "metrics">;

export interface MeasuredNight {
  readonly results: readonly Measured[];
  readonly warnings: readonly Warning[];
  /** Of all measurements; undefined where results were read. */
  readonly seconds?: number;
}

/** @throws GanEvalError `usage.check-input` unless either images or results are given */
export function requireInput({ fakes, results, extractor }: SeedValues): void {
  if ((fakes === undefined) === (results === undefined))
    throw new GanEvalError(
      "usage.check-input",
      `expected --fake or --result, got ${fakes === undefined ? "neither" : "both"}`,
      {
        hint: "--fake DIR evaluates images now; --result FILE.json reads a result of `gan-eval metrics --ci --out FILE.json`.",
      },
    );
  if (extractor.length > 1)
    throw new GanEvalError("usage.check-extractors", `expected one extractor, got ${extractor.join(", ")}`, {
      hint: "Run one check per extractor, each with its own baseline.",
    });
}

/** Values by class are measured with --by-class alone; of results that are read it is seen afterwards whether they are there. */
function requireByClass(name: string, { byClass, results }: SeedValues): void {
  if (byClass || results !== undefined) return;
  throw new GanEvalError(
    "usage.check-by-class",
    `expected --by-class for a rule about ${name}, which is measured class by class`,
    { hint: "Add --by-class, or leave the rule out." },
  );
}

/**
 * What to measure: `--metrics` where it was given, and the metrics of the names that rules have.
 * @throws GanEvalError `usage.check-unknown-metric`, `usage.check-by-class` before hours of work
 */
export function namesToMetrics(
  names: readonly string[],
  values: SeedValues,
  { sources }: CommandContext,
): MetricId[] {
  const given = names.length > 0 && (sources.metrics ?? "default") === "default" ? [] : values.metrics;
  const named = names.flatMap((name) => {
    const row = keyToRow(name);
    if (row !== undefined && isByClass(row)) requireByClass(name, values);
    const id = nameToMetricId(name);
    if (id !== undefined) return id;
    // Values of a training are in no result; those of classes come with --by-class.
    if (row?.of === "classes") return [];
    throw new GanEvalError(
      "usage.check-unknown-metric",
      `expected the name of a metric in a rule, got ${JSON.stringify(name)}`,
      {
        hint: "`gan-eval list-metrics` lists them.",
      },
    );
  });
  return [...new Set([...given.map((id) => idToMetric(id).id as MetricId), ...named])];
}

/** A result a seed, with intervals. */
export async function measureSeeds(
  metrics: readonly MetricId[],
  values: SeedValues,
  context: CommandContext,
): Promise<MeasuredNight> {
  if (values.results !== undefined)
    return { results: await Promise.all(values.results.map(readMeasured)), warnings: [] };
  const begun = context.steadyClock();
  const results: Measured[] = [];
  const warnings = new Map<string, Warning>();
  for (const fake of values.fakes!) {
    const seed = { ...values, fake };
    const options = { ...valuesToEvaluateOptions(metrics, seed, context), ci: true };
    for (const warning of await extractFirst(options, valuesToExtractors(seed, context), values, context))
      warnings.set(warning.code, warning);
    const result = requireAllMeasured(await context.library.evaluate(options));
    for (const warning of result.warnings) warnings.set(`${warning.code} ${warning.message}`, warning);
    results.push(resultToMeasured(result));
  }
  return { results, warnings: [...warnings.values()], seconds: (context.steadyClock() - begun) / 1000 };
}
