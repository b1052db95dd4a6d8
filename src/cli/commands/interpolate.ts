/** The command `gan-eval interpolate`. */
import { USUAL_BATCH } from "../../evaluate/batch-size.ts";
import { countToText, countToWords } from "../../reports/quantities.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { factsToOutcome, textToClasses, valuesToGenerator } from "./generate/generator-values.ts";

type Name =
  | "run"
  | "checkpoint"
  | "paths"
  | "steps"
  | "interpolation"
  | "seed"
  | "classes"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "selfCheck"
  | "pathsOut"
  | "overwrite";

/** `gan-eval interpolate --run DIR --out paths.png` */
export async function run(
  values: OptionValues<Name, "run" | "pathsOut">,
  context: CommandContext,
): Promise<Outcome> {
  const { paths, steps, seed, interpolation, pathsOut, overwrite } = values;
  const { batchSize, engine, device, threads, selfCheck } = values;
  const made = await context.library.interpolate({
    ...valuesToGenerator(values),
    ...{ batchSize: batchSize ?? USUAL_BATCH, engine, device, threads, selfCheck },
    classes: textToClasses(values.classes),
    paths,
    steps,
    seed,
    interpolation,
    out: pathsOut,
    overwrite,
    onProgress: context.onProgress,
    signal: context.signal,
  });
  return factsToOutcome(made, {
    wrote: made.location,
    made: `${countToWords(made.paths, "path")} of ${countToWords(made.steps, "step")}, ${made.interpolation}`,
    from: `${made.run}, round ${countToText(made.round)}, seed ${made.seed}`,
    ...(made.classes && { classes: made.classes.join(", ") }),
  });
}
