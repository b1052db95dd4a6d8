/** The command `gan-eval worker`. */
import { availableParallelism } from "node:os";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import type { WorkerResult } from "../../queue/worker.ts";
import { durationToText } from "../../reports/quantities.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import type { WORKER_OPTIONS } from "./queue/worker-options.ts";

/** `gan-eval worker` */
export async function run(
  values: OptionValues<(typeof WORKER_OPTIONS)[number], "queue">,
  { library, signal, hold, onProgress }: CommandContext,
): Promise<Outcome> {
  const { jobs = availableParallelism(), root = ".", queueCa, queue, ...others } = values;
  const [shared, cwd] = [path.resolve(root), process.cwd()];
  const options = {
    ...others,
    root: shared,
    jobs,
    queue: queue.startsWith("@") ? `@${path.resolve(cwd, queue.slice(1))}` : queue,
    queueCa: queueCa === undefined ? undefined : path.resolve(cwd, queueCa),
    ...{ signal, hold, onProgress },
  };
  try {
    // Paths of jobs hold as they are, for this process and its children.
    process.chdir(shared);
  } catch (cause) {
    throw new GanEvalError("usage.queue-path", `expected a folder for --root, got ${root}`, {
      cause,
      hint: "Give the folder that all machines share.",
    });
  }
  const result = await library.workOnQueue(options);
  if (result.ended === "interrupted")
    throw new GanEvalError("run.interrupted", `stopped ${resultToWords(result)}`, {
      hint: "Runs that were at work are saved, and wait for another worker.",
    });
  return resultToOutcome(result);
}

const resultToWords = ({ counts, seconds }: WorkerResult): string => {
  const parts = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  return `after ${durationToText(seconds)}: ${parts.length === 0 ? "no runs" : parts.join(", ")}`;
};

const ENDS: Readonly<Record<WorkerResult["ended"], string>> = {
  empty: "nothing is left to do",
  "max-time": "the time is over; runs at work are saved and handed on",
  interrupted: "interrupted",
};

function resultToOutcome(result: WorkerResult): Outcome {
  const { ended, counts, failures } = result;
  const columns = ["outcome", "runs"].map((key) => ({ key, title: key }));
  const rows = Object.entries(counts).map(([outcome, runs]) => ({ outcome, runs }));
  return {
    ...tableToOutcome(
      { schema: "gan-eval/worker/1", ...result },
      { columns, rows },
      () => `${ENDS[ended]} ${resultToWords(result)}\n`,
    ),
    warnings: failures.map(({ run, message }) => ({ code: "run-failed", message: `${run}: ${message}` })),
  };
}
