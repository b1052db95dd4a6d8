/** The command `gan-eval is`. */
import type { CommandContext, Outcome } from "../command.ts";
import { type MeasureValues, measure } from "../measure.ts";

/** `gan-eval is --fake B` */
export const run = (values: MeasureValues, context: CommandContext): Promise<Outcome> =>
  measure(["is"], values, context);
