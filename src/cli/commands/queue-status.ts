/** The command `gan-eval queue status`. */
import type { QueueState, QueueStatus } from "../../queue/status.ts";
import { textToVisible } from "../../reports/page.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval queue status` */
export async function run(
  values: OptionValues<"queue" | "queueCa" | "queueInsecure", "queue">,
  { library }: CommandContext,
): Promise<Outcome> {
  const status = await library.readQueueStatus(values);
  const table = statusToTable(status);
  return {
    ...tableToOutcome({ schema: "gan-eval/queue/1", ...status }, table, (page) =>
      [
        `${status.server}\n\n${tableToText(table, page)}\n`,
        ...status.queues.flatMap(stateToLines).map((line) => `${textToVisible(line)}\n`),
      ].join(""),
    ),
    warnings: status.warnings,
    hints: status.queues.some(({ isOwn, counts }) => isOwn && counts.failed > 0)
      ? ["gan-eval queue retry   # failed runs wait again"]
      : [],
  };
}

const COUNTS = ["waiting", "active", "delayed", "completed", "failed"] as const;

const statusToTable = ({ queues }: QueueStatus): Table => ({
  columns: [
    { key: "queue", title: "queue" },
    ...COUNTS.map((key) => ({ key, title: key, align: "right" as const })),
    { key: "workers", title: "workers", align: "right" },
  ],
  rows: queues.map(({ name, counts, workers }) => ({ queue: name, ...counts, workers: workers.length })),
});

const stateToLines = ({ workers, active, failed }: QueueState): string[] => [
  ...workers.map(
    ({ host, pid, version, since }) =>
      `worker ${pid} on ${host}, gan-eval ${version}${since === undefined ? "" : `, since ${since}`}`,
  ),
  ...active.map(
    ({ run, done, total, worker }) =>
      `at work: ${run}${total === undefined ? "" : `, round ${done} of ${total}`}${worker === undefined ? "" : `, by ${worker}`}`,
  ),
  ...failed.map(
    ({ run, code, message, attempts }) => `failed: ${run} after ${attempts} attempts: ${message} [${code}]`,
  ),
];
