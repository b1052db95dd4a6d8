/**
 * The half of a child process that is the same for every kind of work: it is told what to do, says how far it is, and how
 * it ended. It stops when it is told to, when the terminal interrupts it, and when the process that began it is gone. Of a
 * terminal that hangs up it is told by that process, which may be there to outlast it.
 */
import { setLease } from "../files/lock-holder.ts";
import { endByInterrupt, type Hold, Interruption, listenForSignals } from "../interruption.ts";
import type { Progress } from "../progress.ts";
import { steadyClock } from "../steady-clock.ts";
import type { Ending, FromChild, ToChild } from "./messages.ts";

const REPORT_MS = 200;

/** What the work is given, and what it has to mind. */
export interface TaskWatch {
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly hold: Hold;
  readonly onProgress: (progress: Progress) => void;
}

/** Does the one task that the process is told of, and ends. `counts`: whose progress is told of, by its stage. */
export function serveTask<Task>(
  work: (task: Task, watch: TaskWatch) => Promise<unknown>,
  counts: (stage: string) => boolean,
): void {
  const interruption = new Interruption({ say: () => {}, stopAtOnce: endByInterrupt, steadyClock });
  /** The work is held until it is saved; nobody else would end this process after that. */
  const stop = (): void => interruption.receive("SIGHUP");

  /** Whoever began it may be gone while this is sent. */
  const tell = (message: FromChild): Promise<void> =>
    new Promise((resolve) => {
      if (!process.connected) return resolve();
      process.send!(message, undefined, undefined, () => resolve());
    });

  let reported = Number.NEGATIVE_INFINITY;
  const onProgress = ({ stage, done, total, notice }: Progress): void => {
    if (notice !== undefined) void tell({ kind: "notice", text: notice });
    const now = steadyClock();
    if (!counts(stage) || (now - reported < REPORT_MS && done < total)) return;
    reported = now;
    void tell({ kind: "progress", done, total });
  };

  const end = async (task: Task): Promise<Ending> => {
    const { signal, hold } = interruption;
    try {
      await work(task, { clock: Date.now, signal, hold, onProgress });
      return { kind: "finished" };
    } catch (error) {
      if (signal.aborted) return { kind: "interrupted" };
      const { code = "internal.unexpected", message } = error as { code?: string; message: string };
      return { kind: "failed", code, message };
    }
  };

  listenForSignals(interruption, ["SIGHUP"]);
  process.on("disconnect", stop);
  process.on("message", async (message: ToChild<Task>) => {
    if (message.kind === "stop") return stop();
    if (message.lease !== undefined) setLease(message.lease);
    await tell(await end(message.task));
    process.exit();
  });
}
