/** The command `gan-eval diagnose`. */
import { type Diagnosis, PROBLEMS } from "../../diagnosis/verdict.ts";
import { GanEvalError } from "../../errors.ts";
import { COMPUTATION_ROWS } from "../../evaluate/option-rows.ts";
import { FILE_ROWS } from "../../evaluate/sides/options.ts";
import { withDefaults } from "../../options/table.ts";
import { diagnosisToMarkdown, diagnosisToTable, diagnosisToText } from "../../reports/diagnosis-to-text.ts";
import { tableToCsv } from "../../reports/table.ts";
import { wordToSuggestion } from "../../suggestion.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { type EXTRACTOR_OPTIONS, valuesToExtractorOptions } from "../options/extractor.ts";
import type { OptionValues } from "../options.ts";

type DiagnoseValues = OptionValues<
  | "real"
  | "fake"
  | "heldOut"
  | "failOn"
  | "split"
  | "limit"
  | "onError"
  | "imageKey"
  | keyof typeof FILE_ROWS
  | "extractor"
  | "featureEnd"
  | "resize"
  | "seed"
  | keyof typeof EXTRACTOR_OPTIONS
  | keyof typeof COMPUTATION_ROWS
>;

/** `gan-eval diagnose RUN`, `gan-eval diagnose --real A --fake B` */
export async function run(
  values: DiagnoseValues,
  context: CommandContext,
  [folder]: readonly string[],
): Promise<Outcome> {
  const failOn = requireGates(values.failOn ?? []);
  const diagnosis =
    folder === undefined
      ? await diagnoseImages(values, context)
      : await diagnoseFolder(folder, values, context);
  return {
    json: diagnosis,
    text: (page) => diagnosisToText(diagnosis, page),
    csv: () => tableToCsv(diagnosisToTable(diagnosis)),
    markdown: () => diagnosisToMarkdown(diagnosis),
    warnings: diagnosis.warnings,
    gateFailed: diagnosis.verdicts.some(({ id, severity }) => failOn.has(id) || failOn.has(severity)),
  };
}

function diagnoseFolder(folder: string, values: DiagnoseValues, { library, argv, signal }: CommandContext) {
  if (values.real !== undefined || values.fake !== undefined)
    throw new GanEvalError("usage.subject", "expected the folder of a run or --real and --fake, got both", {
      hint: "A run is diagnosed from its recordings. To diagnose its images, give --real and --fake alone.",
    });
  return library.diagnoseRun(folder, { command: argv, signal });
}

function diagnoseImages(values: DiagnoseValues, context: CommandContext): Promise<Diagnosis> {
  const { real, fake, extractor, heldOut, split, limit, onError, imageKey, featureEnd, resize, seed } =
    values;
  if (real === undefined || fake === undefined)
    throw new GanEvalError(
      "usage.subject",
      `expected the folder of a run, or --real and --fake, got ${(real ?? fake) ? "one of the two" : "neither"}`,
      { hint: "For example: gan-eval diagnose runs/gan-1" },
    );
  if (extractor.length > 1)
    throw new GanEvalError("usage.extractors", `expected one extractor, got ${extractor.join(", ")}`, {
      hint: "Run one diagnosis per extractor.",
    });
  return context.library.diagnoseSets({
    real,
    fake,
    extractor: extractor[0],
    ...{ heldOut, split, limit, onError, imageKey, featureEnd, resize, seed },
    ...withDefaults(FILE_ROWS, values),
    ...valuesToExtractorOptions(values),
    ...withDefaults(COMPUTATION_ROWS, values),
    onProgress: context.onProgress,
    signal: context.signal,
    clock: context.clock,
    steadyClock: context.steadyClock,
    command: context.argv,
  });
}

/** Verdicts and severities; `warning` includes failures. */
function requireGates(words: readonly string[]): ReadonlySet<string> {
  const known = [...PROBLEMS, "failure", "warning"];
  for (const word of words) {
    if (known.includes(word)) continue;
    const suggestion = wordToSuggestion(word, known);
    throw new GanEvalError(
      "usage.option-value",
      `--fail-on expects ${known.join(", ")}, got ${JSON.stringify(word)}`,
      suggestion === undefined ? {} : { hint: `Did you mean ${suggestion}?` },
    );
  }
  return new Set(words.includes("warning") ? [...words, "failure"] : words);
}
