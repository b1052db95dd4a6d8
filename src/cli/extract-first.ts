/** Measurements of a command line whose features workers extract first, where `--queue` names them. */
import type { Warning } from "../errors.ts";
import type { EvaluateOptions } from "../evaluate/options.ts";
import type { CommandContext } from "./command.ts";
import type { OptionName, OptionValues } from "./options.ts";

/** Options of a measurement over a queue. */
export const QUEUED_MEASUREMENT = [
  ...(["queue", "root", "leafGroup", "queueLock", "queueCa", "queueInsecure"] as const),
] as const satisfies readonly OptionName[];

export type QueuedMeasurementValues = Partial<OptionValues<(typeof QUEUED_MEASUREMENT)[number]>>;

/** What of the options says how jobs reach the workers; undefined without a queue. */
export const valuesToAccess = ({
  queue,
  root,
  leafGroup,
  queueLock,
  queueCa,
  queueInsecure,
}: QueuedMeasurementValues) =>
  queue === undefined
    ? undefined
    : {
        ...{ queue, root, queueCa },
        ...(leafGroup !== undefined && { leafGroup }),
        ...(queueLock !== undefined && { queueLock }),
        ...(queueInsecure !== undefined && { queueInsecure }),
      };

/** Has workers extract what an evaluation needs, where a queue is named; it finds all of it in the cache then. */
export async function extractFirst(
  evaluation: EvaluateOptions,
  extractors: readonly string[],
  values: QueuedMeasurementValues,
  { library }: CommandContext,
): Promise<Warning[]> {
  const access = valuesToAccess(values);
  return access === undefined ? [] : library.extractSidesOverQueue(evaluation, extractors, access);
}
