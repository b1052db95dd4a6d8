/**
 * A process that trains one run of a sweep. It stops, with a checkpoint, when it is told to, when the terminal interrupts
 * it, and when the sweep's own process is gone.
 */
import { openLiveJudge } from "../diagnosis/live-judge.ts";
import type { Progress } from "../evaluate/options.ts";
import { resume, train } from "../experiment/functions.ts";
import type { Ending, FromChild, Task, ToChild } from "./messages.ts";

/** Time for a checkpoint after the sweep's process is gone: nobody else would end this one. */
const PATIENCE_MS = 30_000;
const REPORT_MS = 200;

const interruption = new AbortController();
const stop = (): void => interruption.abort();

/** The sweep may be gone while this is sent. */
const tell = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(message, undefined, undefined, () => resolve());
  });

let reported = 0;
function report({ stage, done, total, notice }: Progress): void {
  if (notice !== undefined) void tell({ kind: "notice", text: notice });
  const now = Date.now();
  if (stage !== "training" || (now - reported < REPORT_MS && done < total)) return;
  reported = now;
  void tell({ kind: "progress", done, total });
}

async function work(task: Task): Promise<Ending> {
  const watch = {
    clock: Date.now,
    signal: interruption.signal,
    onProgress: report,
    openJudge: openLiveJudge,
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

process.on("SIGINT", stop);
process.on("SIGTERM", stop);
process.on("disconnect", () => {
  stop();
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
});
process.on("message", async (message: ToChild) => {
  if (message.kind === "stop") return stop();
  await tell(await work(message.task));
  process.exit();
});
