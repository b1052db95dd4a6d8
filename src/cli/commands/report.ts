/** The command `gan-eval report`. */
import { bytesToText, countToWords } from "../../reports/quantities.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { requireWritable } from "../require-writable.ts";
import { factsToOutcome } from "./generate/generator-values.ts";

type ReportValues = OptionValues<
  | "reportOut"
  | "reportPng"
  | "reportMd"
  | "compareMetric"
  | "compareBaseline"
  | "at"
  | "groupBy"
  | "compareForce",
  "reportOut"
>;

/** `gan-eval report RUN... --out report.html` */
export async function run(
  values: ReportValues,
  { library, argv, signal, onProgress }: CommandContext,
  locations: readonly string[],
): Promise<Outcome> {
  const { reportOut: out, reportPng: png, reportMd: markdown, at, groupBy, compareForce: force } = values;
  const { compareMetric: metric, compareBaseline: baseline } = values;
  for (const file of [out, markdown]) if (file !== undefined) await requireWritable(file);
  const made = await library.makeReport({
    ...{ locations, out, png, markdown, command: argv, signal, onProgress },
    comparison: { metric, baseline, at, groupBy, force },
  });
  const { images, ...rest } = made;
  return {
    ...factsToOutcome(
      { schema: "gan-eval/made-report/1", ...rest, pictures: images },
      {
        wrote: `${made.out} (${bytesToText(made.bytes)})`,
        of: made.title,
        shows: countToWords(made.charts, "chart"),
        ...(images.length > 0 && {
          images: `${countToWords(images.length, "file")} in ${png}`,
        }),
        ...(made.markdown !== undefined && { summary: made.markdown }),
      },
    ),
    warnings: made.warnings,
  };
}
