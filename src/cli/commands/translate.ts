/** The command `gan-eval translate`. */

import { USUAL_BATCH } from "../../evaluate/batch-size.ts";
import { countToText, countToWords, secondsToText } from "../../reports/quantities.ts";
import { locationToShell } from "../../shell-word.ts";
import type { OwnModel } from "../../train/schemes/own-model.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { factsToOutcome, valuesToGenerator } from "./generate/generator-values.ts";

type Name =
  | "run"
  | "checkpoint"
  | "maker"
  | "runModule"
  | "in"
  | "translatedSize"
  | "variants"
  | "set"
  | "seed"
  | "limit"
  | "onError"
  | "imageKey"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "selfCheck"
  | "translationsOut"
  | "translationsPage"
  | "overwrite";

const setToText = (set: Readonly<Record<string, number>>): string =>
  Object.entries(set)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");

/** `gan-eval translate --run DIR --in IMAGES --out DIR` */
export async function run(
  values: OptionValues<Name, "run" | "in" | "translationsOut">,
  context: CommandContext,
): Promise<Outcome> {
  const { maker, runModule, variants, set, seed, limit, onError, imageKey, overwrite } = values;
  const { batchSize, engine, device, threads, selfCheck, translatedSize, translationsOut, translationsPage } =
    values;
  const made = await context.library.translate({
    ...valuesToGenerator(values),
    ...{
      batchSize: batchSize ?? USUAL_BATCH,
      engine,
      device,
      threads,
      selfCheck,
      variants,
      seed,
      onError,
      imageKey,
      overwrite,
    },
    in: values.in,
    out: translationsOut,
    ...(maker !== undefined && { maker }),
    ...(runModule !== undefined && { model: runModule as OwnModel }),
    ...(set !== undefined && { set }),
    ...(limit !== undefined && { limit }),
    ...(translatedSize !== undefined && { size: translatedSize }),
    ...(translationsPage !== undefined && { page: translationsPage, command: context.argv }),
    onProgress: context.onProgress,
    signal: context.signal,
    steadyClock: context.steadyClock,
  });
  const rate =
    made.seconds > 0
      ? ` (${countToText(Math.round((made.n * made.variants) / made.seconds))} per second)`
      : "";
  const each = made.variants > 1 ? `, ${made.variants} of each` : "";
  return {
    ...factsToOutcome(made, {
      wrote: [made.location, ...(translationsPage === undefined ? [] : [translationsPage])].join(", "),
      made: `${made.maker} of ${countToWords(made.n, "image")}${each}, ${made.shape.join(" x ")} of ${made.inputShape.join(" x ")}, in ${secondsToText(made.seconds)}${rate}`,
      from: `${made.run}, round ${countToText(made.round)}, seed ${made.seed}`,
      ...(made.set && { set: setToText(made.set) }),
    }),
    warnings: made.warnings,
    hints:
      made.variants > 1
        ? []
        : [
            `gan-eval metrics --paired --metrics l1,psnr,ssim --real DIR --fake ${locationToShell(made.location)}`,
          ],
  };
}
