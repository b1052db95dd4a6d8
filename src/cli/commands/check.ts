/** The command `gan-eval check`. */
import { readBaseline } from "../../check/baseline.ts";
import { checkResults } from "../../check/check.ts";
import type { CheckResult } from "../../check/check-result.ts";
import { appendNight, readHistory, resultsToNight } from "../../check/history.ts";
import { resultsToDistinct } from "../../check/protocol-fields.ts";
import { needsBaseline, type Rule, ruleToNames, valueToRules, withFlags } from "../../check/rule.ts";
import { GanEvalError, type Warning } from "../../errors.ts";
import { checkToAnnotations } from "../../reports/check-to-annotations.ts";
import { checkToCsv } from "../../reports/check-to-csv.ts";
import { checkToMarkdown } from "../../reports/check-to-markdown.ts";
import { checkToText } from "../../reports/check-to-text.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { requireWritable } from "../require-writable.ts";
import { writeCheckFiles, writeErrorFiles } from "./check/check-files.ts";
import { measureSeeds, namesToMetrics, requireInput, type SeedValues } from "./check/measure-seeds.ts";

type GateOption =
  | "baseline"
  | "history"
  | "rules"
  | "max"
  | "min"
  | "maxIncrease"
  | "maxDecrease"
  | "maxWorse"
  | "level"
  | "driftNights"
  | "force"
  | "junit"
  | "annotations"
  | "stepSummary";
export type CheckValues = SeedValues & OptionValues<GateOption>;

/** `gan-eval check`: measures, holds against the baseline, decides. What cannot be measured is an error, never a verdict. */
export async function run(values: CheckValues, context: CommandContext): Promise<Outcome> {
  requireInput(values);
  const { max, min, maxIncrease, maxDecrease, maxWorse } = values;
  const flags = { max, min, maxIncrease, maxDecrease, maxWorse };
  const rules = await valueToRules(withFlags(values.rules ?? {}, flags), values.level);
  requireBaselineOption(rules, values);
  for (const file of [values.junit, values.history]) if (file !== undefined) await requireWritable(file);
  try {
    return await rulesToOutcome(rules, values, context);
  } catch (error) {
    if (!context.signal.aborted) await writeErrorFiles(error, values, context);
    throw error;
  }
}

function requireBaselineOption(rules: readonly Rule[], { baseline }: CheckValues): void {
  const needing = rules.find((rule) => rule.level !== "off" && needsBaseline(rule));
  if (needing === undefined || baseline !== undefined) return;
  throw new GanEvalError(
    "usage.check-baseline",
    `expected --baseline FILE for rule ${JSON.stringify(needing.name)}, got none`,
    { hint: "`gan-eval baseline update` makes one." },
  );
}

async function rulesToOutcome(
  rules: readonly Rule[],
  values: CheckValues,
  context: CommandContext,
): Promise<Outcome> {
  // Whatever is wrong with files is said before hours of work.
  const baseline = values.baseline === undefined ? undefined : await readBaseline(values.baseline);
  const history = values.history === undefined ? undefined : await readHistory(values.history);
  const names = rules.filter(({ level }) => level !== "off").flatMap(ruleToNames);
  const metrics = values.results === undefined ? namesToMetrics(names, values, context) : [];
  const measured = await measureSeeds(metrics, values, context);
  const now = context.clock();
  const result = checkResults({
    ...{ results: measured.results, rules, now },
    ...{ force: values.force, driftNights: values.driftNights },
    ...{ baseline, nights: history?.nights, seconds: measured.seconds },
    warnings: [...(history?.warnings ?? []), ...measured.warnings],
  });
  if (values.history !== undefined)
    await appendNight(
      values.history,
      resultsToNight(
        resultsToDistinct(measured.results).results,
        new Date(now).toISOString(),
        result.passed,
        result.outcomes,
      ),
    );
  const warnings = await writeCheckFiles(result, values, context);
  return resultToOutcome(result, warnings, values);
}

function resultToOutcome(result: CheckResult, warnings: readonly Warning[], values: CheckValues): Outcome {
  const canTighten = result.shifts.some(({ towards }) => towards === "better");
  return {
    json: result,
    text: (page) => checkToText(result, page),
    csv: () => checkToCsv(result),
    markdown: () => checkToMarkdown(result),
    warnings: [...result.warnings, ...warnings],
    hints: canTighten
      ? [
          `gan-eval baseline update --baseline ${locationToShell(values.baseline!)} ...   # recent nights are better`,
        ]
      : [],
    ...(values.annotations && { annotations: checkToAnnotations(result) }),
    gateFailed: !result.passed,
  };
}
