/** A run's records as they come, for `for await`. */
import type { TrainedRun } from "../runs/trained-run.ts";
import type { RoundRecord } from "../train/round-record.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";

/**
 * Trains, and gives each record (every `recording.recordInterval` rounds, default 10) as it comes; at the end the run is
 * the iterator's return value. Breaking out of the loop ends the run, which is saved. Records wait for a reader that is
 * slower than training.
 * @throws what `train` throws
 */
export async function* trainRounds(
  options: TrainOptions = {},
): AsyncGenerator<RoundRecord, TrainedRun, void> {
  const broken = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, broken.signal]) : broken.signal;
  const waiting: RoundRecord[] = [];
  let wake = (): void => {};
  let isOver = false;
  const trained = train({
    ...options,
    signal,
    onRound(record) {
      options.onRound?.(record);
      waiting.push(record);
      wake();
    },
  });
  const ended = trained.then(
    () => {},
    () => {},
  );
  void ended.then(() => {
    isOver = true;
    wake();
  });
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      if (isOver) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    if (!isOver) broken.abort();
    await ended;
  }
  return trained;
}
