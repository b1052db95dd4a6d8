/** The command `gan-eval queue retry`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { controlledToOutcome } from "./queue/controlled-outcome.ts";

/** `gan-eval queue retry [name...]` */
export async function run(
  values: OptionValues<"queue" | "queueCa" | "queueInsecure", "queue">,
  { library }: CommandContext,
  names: readonly string[],
): Promise<Outcome> {
  return controlledToOutcome("retried", await library.retryJobs({ ...values, names }));
}
