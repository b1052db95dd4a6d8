/** The command `gan-eval queue drain`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { controlledToOutcome } from "./queue/controlled-outcome.ts";

/** `gan-eval queue drain [name...]` */
export async function run(
  values: OptionValues<"queue" | "queueCa" | "queueInsecure", "queue">,
  { library }: CommandContext,
  names: readonly string[],
): Promise<Outcome> {
  return controlledToOutcome("removed", await library.drainQueue({ ...values, names }));
}
