/** The command `gan-eval generate`. */

import { USUAL_BATCH } from "../../evaluate/batch-size.ts";
import { countToText, countToWords, secondsToText } from "../../reports/quantities.ts";
import type { Generated } from "../../samples/generate.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { factsToOutcome, textToClasses, valuesToGenerator } from "./generate/generator-values.ts";

type Name =
  | "run"
  | "checkpoint"
  | "n"
  | "seed"
  | "classes"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "selfCheck"
  | "imagesOut"
  | "overwrite";

const isImage = ({ shape }: Generated): boolean => shape.length === 3;

const countsToText = (counts: readonly number[], names: readonly string[] | undefined): string =>
  counts
    .flatMap((count, place) => (count > 0 ? [`${names?.[place] ?? place}: ${countToText(count)}`] : []))
    .join(", ");

/** `gan-eval generate --run DIR --out PATH` */
export async function run(
  values: OptionValues<Name, "run" | "imagesOut">,
  context: CommandContext,
): Promise<Outcome> {
  const { n, seed, batchSize, engine, device, threads, selfCheck, imagesOut, overwrite } = values;
  const made = await context.library.generate({
    ...valuesToGenerator(values),
    ...{ batchSize: batchSize ?? USUAL_BATCH, engine, device, threads, selfCheck },
    classes: textToClasses(values.classes),
    n,
    seed,
    out: imagesOut,
    overwrite,
    onProgress: context.onProgress,
    signal: context.signal,
    steadyClock: context.steadyClock,
  });
  const what = countToWords(made.n, isImage(made) ? "image" : "point");
  const rate = made.seconds > 0 ? ` (${countToText(Math.round(made.n / made.seconds))} per second)` : "";
  const facts = {
    wrote: made.location,
    made: `${what} of ${made.shape.join(" x ")} in ${secondsToText(made.seconds)}${rate}`,
    from: `${made.run}, round ${countToText(made.round)}, seed ${made.seed}`,
    ...(made.classes && { classes: countsToText(made.classes, made.classNames) }),
  };
  return {
    ...factsToOutcome(made, facts),
    hints: isImage(made) ? [`gan-eval fid --real DIR --fake ${locationToShell(made.location)}`] : [],
  };
}
