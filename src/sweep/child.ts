/**
 * A process that trains one run of a sweep. It stops, with a checkpoint, when it is told to, when the terminal interrupts
 * it, and when the sweep's own process is gone. Of a terminal that hangs up it is told by that process, which may be there
 * to outlast it.
 */
import { openLiveMonitor } from "../diagnosis/live-monitor.ts";
import { endByInterrupt, Interruption, listenForSignals } from "../interruption.ts";
import type { Progress } from "../progress.ts";
import { resume, train } from "../runs/train.ts";
import { steadyClock } from "../steady-clock.ts";
import type { Ending, FromChild, Task, ToChild } from "./messages.ts";

const REPORT_MS = 200;

const interruption = new Interruption({ say: () => {}, stopAtOnce: endByInterrupt, steadyClock });
/** The run is held until it is saved; nobody else would end this process after that. */
const stop = (): void => interruption.receive("SIGHUP");

/** The sweep may be gone while this is sent. */
const tell = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(message, undefined, undefined, () => resolve());
  });

let reported = Number.NEGATIVE_INFINITY;
function report({ stage, done, total, notice }: Progress): void {
  if (notice !== undefined) void tell({ kind: "notice", text: notice });
  const now = steadyClock();
  if (stage !== "training" || (now - reported < REPORT_MS && done < total)) return;
  reported = now;
  void tell({ kind: "progress", done, total });
}

async function work(task: Task): Promise<Ending> {
  const watch = {
    clock: Date.now,
    signal: interruption.signal,
    hold: interruption.hold,
    onProgress: report,
    openMonitor: openLiveMonitor,
  };
  try {
    if (task.kind === "train") await train({ ...task.request, ...watch });
    else {
      const { folder, paths } = task;
      await resume({ ...paths, folder, changes: {}, rates: {}, allowChanges: false, ...watch });
    }
    return { kind: "finished" };
  } catch (error) {
    if (interruption.signal.aborted) return { kind: "interrupted" };
    const { code = "internal.unexpected", message } = error as { code?: string; message: string };
    return { kind: "failed", code, message };
  }
}

listenForSignals(interruption, ["SIGHUP"]);
process.on("disconnect", stop);
process.on("message", async (message: ToChild) => {
  if (message.kind === "stop") return stop();
  await tell(await work(message.task));
  process.exit();
});
