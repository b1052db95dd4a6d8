/** The command `gan-eval baseline update`. */
import { stat } from "node:fs/promises";
import {
  type Baseline,
  readBaseline,
  resultsToBaseline,
  resultToNonFinite,
  writeBaseline,
} from "../../check/baseline.ts";
import { type BaselineChanges, baselinesToChanges } from "../../check/baseline-changes.ts";
import type { Measured } from "../../check/measured.ts";
import { CHECK_ROWS } from "../../check/options.ts";
import { requireAlikeSeeds, resultsToDistinct } from "../../check/protocol-fields.ts";
import { ruleToNames, valueToRules } from "../../check/rule.ts";
import { GanEvalError, isCode, type Warning } from "../../errors.ts";
import { textToVisible } from "../../reports/page.ts";
import { countToWords, scoreToText } from "../../reports/quantities.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { requireWritable } from "../require-writable.ts";
import { measureSeeds, namesToMetrics, requireInput, type SeedValues } from "./check/measure-seeds.ts";

type UpdateValues = SeedValues & OptionValues<"baseline" | "rules" | "baselineDryRun", "baseline">;

/** `gan-eval baseline update`: measures as check does, shows what changes, and writes the file whole. */
export async function run(values: UpdateValues, context: CommandContext): Promise<Outcome> {
  requireInput(values);
  const { baseline: file, baselineDryRun: dryRun } = values;
  if (!dryRun) await requireWritable(file);
  const { before, warnings: ofOld } = await readOld(file);
  const rules = values.rules === undefined ? [] : await valueToRules(values.rules, CHECK_ROWS.level.default);
  const metrics =
    values.results === undefined ? namesToMetrics(rules.flatMap(ruleToNames), values, context) : [];
  const measured = await measureSeeds(metrics, values, context);
  const { results, warnings: repeats } = resultsToDistinct(measured.results);
  requireAlikeSeeds(results);
  const after = resultsToBaseline(results, context.clock());
  const changes = baselinesToChanges(before, after);
  if (!dryRun) await writeBaseline(file, after);
  const said = `${dryRun ? "would write" : "wrote"} ${textToVisible(file)}: ${countToWords(results.length, "seed")}`;
  const json = { schema: "gan-eval/baseline-update/1", dryRun, file, ...changes };
  return {
    ...tableToOutcome(json, changesToTable(changes), (page) => {
      const protocol = changes.protocol.map(
        ({ field, expected, found }) => `${field}: ${textToVisible(`${expected} before, ${found} now`)}\n`,
      );
      return `${tableToText(changesToTable(changes), page)}${protocol.join("")}\n${said}\n`;
    }),
    warnings: [...ofOld, ...measured.warnings, ...repeats, ...resultsToWarnings(results)],
    hints: dryRun ? [] : ["commit the file, then compare each night with `gan-eval check --baseline`"],
  };
}

/** What cannot be read any more is replaced: that is what an update is for. */
async function readOld(
  file: string,
): Promise<{ readonly before: Baseline | undefined; readonly warnings: readonly Warning[] }> {
  // A device or a pipe keeps nothing that could be read back.
  const isKept = await stat(file).then(
    (found) => found.isFile(),
    () => true,
  );
  if (!isKept) return { before: undefined, warnings: [] };
  try {
    return { before: await readBaseline(file), warnings: [] };
  } catch (error) {
    if (!(error instanceof GanEvalError)) throw error;
    if (isCode(error, "input.baseline-missing")) return { before: undefined, warnings: [] };
    const message = `the old baseline cannot be compared: ${error.message}`;
    return { before: undefined, warnings: [{ code: "old-baseline", message }] };
  }
}

function resultsToWarnings(results: readonly Measured[]): Warning[] {
  const keys = [...new Set(results.flatMap(resultToNonFinite))];
  if (keys.length === 0) return [];
  return [
    {
      code: "not-finite",
      message: `left out of the baseline because they are not finite: ${keys.join(", ")}`,
    },
  ];
}

const CHANCE = new Map<boolean | null, string | null>([
  [true, "beyond noise"],
  [false, "inconclusive"],
  [null, null],
]);

function changesToTable({ values }: BaselineChanges): Table {
  const toText = (value: number | null): string | null => (value === null ? null : scoreToText(value));
  return {
    columns: [
      { key: "key", title: "value" },
      { key: "before", title: "before", align: "right" },
      { key: "after", title: "now", align: "right" },
      { key: "change", title: "change", align: "right" },
      { key: "chance", title: "" },
    ],
    rows: values.map(({ key, before, after, beyondChance }) => ({
      key,
      before: toText(before),
      after: toText(after),
      change: before === null || after === null ? null : toChange(before, after),
      chance: CHANCE.get(beyondChance) ?? null,
    })),
  };
}

function toChange(before: number, after: number): string {
  const percent = (100 * (after - before)) / Math.abs(before);
  return Number.isFinite(percent)
    ? `${percent < 0 ? "" : "+"}${percent.toFixed(1)} %`
    : scoreToText(after - before);
}
