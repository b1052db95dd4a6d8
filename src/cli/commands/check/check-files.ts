/** Files that a check leaves for others: JUnit XML, and GitHub's step summary. */
import { appendFile, stat } from "node:fs/promises";
import type { CheckResult } from "../../../check/check-result.ts";
import { GanEvalError, type Warning } from "../../../errors.ts";
import { cannotWrite, writeFileAtomically } from "../../../files/atomic-file.ts";
import { checkToJunit, errorToJunit } from "../../../reports/check-to-junit.ts";
import { checkToMarkdown } from "../../../reports/check-to-markdown.ts";
import { lineToMarkdown } from "../../../reports/result-to-markdown.ts";
import type { CommandContext } from "../../command.ts";
import type { OptionValues } from "../../options.ts";

type FileValues = OptionValues<"junit" | "stepSummary">;

/** @returns warnings */
export async function writeCheckFiles(
  result: CheckResult,
  { junit, stepSummary }: FileValues,
  { env }: CommandContext,
): Promise<Warning[]> {
  if (junit !== undefined) await writeFileAtomically(junit, [Buffer.from(checkToJunit(result))]);
  return stepSummary ? appendSummary(checkToMarkdown(result), env.GITHUB_STEP_SUMMARY) : [];
}

/** Last night's report must not pass for tonight's when tonight could not be measured. */
export async function writeErrorFiles(
  error: unknown,
  { junit, stepSummary }: FileValues,
  { env, clock }: CommandContext,
): Promise<void> {
  const code = error instanceof GanEvalError ? error.code : "internal.unexpected";
  const message = error instanceof Error ? error.message : String(error);
  if (junit !== undefined)
    await writeFileAtomically(junit, [
      Buffer.from(errorToJunit(code, message, new Date(clock()).toISOString())),
    ]);
  if (stepSummary)
    await appendSummary(
      `### gan-eval: not measured\n\n${lineToMarkdown(message)}\n`,
      env.GITHUB_STEP_SUMMARY,
    );
}

/** GitHub refuses the whole summary of a step beyond 1 MiB (docs, "Workflow commands", step isolation and limits). */
export const SUMMARY_BYTES = 2 ** 20;
const CUT = "\n\n(truncated: a step summary is limited to 1 MiB)\n";

/** As many whole lines as there is room for. */
export function truncateMarkdown(markdown: string, room: number): string {
  const bytes = Buffer.from(markdown);
  if (bytes.length <= room) return markdown;
  const end = bytes.lastIndexOf("\n", Math.max(0, room - Buffer.byteLength(CUT)) - 1);
  return end < 0 ? "" : bytes.toString("utf8", 0, end) + CUT;
}

async function appendSummary(markdown: string, file: string | undefined): Promise<Warning[]> {
  if (file === undefined || file === "")
    return [
      {
        code: "no-step-summary",
        message: "no step summary was written: GITHUB_STEP_SUMMARY is not set",
        hint: "GitHub Actions sets it; elsewhere, use --md to print the same text.",
      },
    ];
  const size = await stat(file).then(
    (known) => known.size,
    () => 0,
  );
  try {
    await appendFile(file, truncateMarkdown(`\n${markdown}`, SUMMARY_BYTES - size));
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
  return [];
}
