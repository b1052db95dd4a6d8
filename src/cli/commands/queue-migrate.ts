/** The command `gan-eval queue migrate`. */
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval queue migrate` */
export async function run(
  values: OptionValues<"queue" | "queueCa" | "queueInsecure", "queue">,
  { library }: CommandContext,
): Promise<Outcome> {
  const { server, version } = await library.migrateQueue(values);
  return tableToOutcome(
    { schema: "gan-eval/queue-migrate/1", server, version },
    { columns: ["server", "version"].map((key) => ({ key, title: key })), rows: [{ server, version }] },
    () => `the tables of the queue are there, version ${version} of their schema\n`,
  );
}
