/** The command `gan-eval queue cancel`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { controlledToOutcome } from "./queue/controlled-outcome.ts";

/** `gan-eval queue cancel [name...]` */
export async function run(
  values: OptionValues<"queue" | "queueCa" | "queueInsecure", "queue">,
  { library }: CommandContext,
  names: readonly string[],
): Promise<Outcome> {
  return controlledToOutcome("cancelled", await library.cancelJobs({ ...values, names }));
}
