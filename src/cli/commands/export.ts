/** The command `gan-eval export`. */

import { bytesToText, countToText } from "../../reports/quantities.ts";
import type { ExportedPort } from "../../samples/export-generator.ts";
import type { ExportFormat } from "../../samples/options.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { factsToOutcome, valuesToGenerator } from "./generate/generator-values.ts";

type Name = "run" | "checkpoint" | "maker" | "translatedSize" | "to" | "exportOut" | "overwrite";

/** How each format is loaded. */
const HINTS: Readonly<Record<ExportFormat, (location: string) => string>> = {
  onnx: (location) => `onnxruntime.InferenceSession(${JSON.stringify(location)})   # Python`,
  tfjs: (location) => `await tf.loadGraphModel(URL of ${location}/model.json)   // JavaScript`,
};

/** `gan-eval export --run DIR --to onnx --out FILE` */
export async function run(
  values: OptionValues<Name, "run" | "to" | "exportOut">,
  context: CommandContext,
): Promise<Outcome> {
  const { to, exportOut, overwrite, maker, translatedSize } = values;
  const made = await context.library.exportGenerator({
    ...valuesToGenerator(values),
    to,
    out: exportOut,
    overwrite,
    ...(maker !== undefined && { maker }),
    ...(translatedSize !== undefined && { size: translatedSize }),
    signal: context.signal,
  });
  const batch = made.batch === "any" ? "n" : made.batch;
  const port = ({ shape, description }: ExportedPort): string =>
    `[${[batch, ...shape].join(", ")}]: ${description}`;
  return {
    ...factsToOutcome(made, {
      wrote: `${made.location}, ${bytesToText(made.bytes)}`,
      from: `${made.run}, round ${countToText(made.round)}`,
      ...Object.fromEntries([...made.inputs, made.output].map((one) => [one.name, port(one)])),
    }),
    ...(made.batch !== "any" && {
      warnings: [
        {
          code: "fixed-batch",
          message: `the model has a fixed batch size of ${made.batch}: one of its layers depends on the batch size`,
        },
      ],
    }),
    hints: [HINTS[to](made.location)],
  };
}
