/** A pane in a thread of its own, so that the caller's goes on serving: ONNX Runtime blocks the thread that runs it. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import { type ErrorCode, GanEvalError } from "../../errors.ts";
import { packageRoot } from "../../package-root.ts";
import type { PaneCall, PaneCalls } from "./pane-messages.ts";
import type { AnswerMessage, CallMessage } from "./pane-worker.ts";

export type OpenPane = (memory: number) => PaneCalls;

/** What the build made of it: threads take no TypeScript, where this module itself is run from its source. */
const WORKER = path.join(packageRoot, "dist/lab/session/pane-worker.js");

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

class PaneThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private ended: Error | undefined;
  private readonly exited: Promise<void>;

  constructor(memory: number) {
    this.worker = new Worker(WORKER, { execArgv: [], workerData: { memory } });
    this.worker.on("message", ({ id, answer, failure }: AnswerMessage) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (failure === undefined) waiting?.resolve(answer);
      else waiting?.reject(failureToError(failure));
    });
    this.worker.on("error", (error) => this.end(error as Error));
    this.exited = new Promise((resolve) => {
      this.worker.on("exit", (code) => {
        this.end(
          new GanEvalError("internal.lab-thread", `internal: the thread of a pane ended with code ${code}`),
        );
        resolve();
      });
    });
  }

  async call(call: PaneCall, args: readonly unknown[]): Promise<unknown> {
    if (this.ended) throw this.ended;
    const id = ++this.count;
    const answer = await new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, call, args } satisfies CallMessage);
    });
    // A process that exits meanwhile would tear ONNX Runtime down under its feet.
    if (call === "close") await this.exited;
    return answer;
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

function failureToError({ code, message, hint }: NonNullable<AnswerMessage["failure"]>): Error {
  if (code === undefined) return new Error(message);
  return new GanEvalError(code as ErrorCode, message, hint === undefined ? {} : { hint });
}

const CALLS = {
  open: true,
  change: true,
  goTo: true,
  advance: true,
  alone: true,
  step: true,
  backPhase: true,
  toLastGradients: true,
  look: true,
  facts: true,
  drawn: true,
  judge: true,
  weigh: true,
  history: true,
  hashes: true,
  exportRun: true,
  exportFile: true,
  stop: true,
  close: true,
} as const satisfies Record<PaneCall, true>;

/** @param memory bytes of states that it keeps to go back to */
export const openPaneThread: OpenPane = (memory) => {
  const thread = new PaneThread(memory);
  const calls = (Object.keys(CALLS) as PaneCall[]).map((call) => [
    call,
    (...args: readonly unknown[]) => thread.call(call, args),
  ]);
  return Object.fromEntries(calls) as PaneCalls;
};
