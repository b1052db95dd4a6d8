/** The command `gan-eval fid`. */
import type { CommandContext, Outcome } from "../command.ts";
import { type MeasureValues, measure } from "../measure.ts";

/** `gan-eval fid --real A --fake B` */
export const run = (
  values: MeasureValues & { readonly real: string },
  context: CommandContext,
): Promise<Outcome> => measure(["fid"], values, context);
