/** The thread of a pane: takes calls one after the other and answers them. */
import { parentPort, workerData } from "node:worker_threads";
import { GanEvalError } from "../../errors.ts";
import { Pane } from "./pane.ts";
import type { PaneCall } from "./pane-messages.ts";

/** A call on its way to the thread. */
export interface CallMessage {
  readonly id: number;
  readonly call: PaneCall;
  readonly args: readonly unknown[];
}

export interface AnswerMessage {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: { readonly code?: string; readonly message: string; readonly hint?: string | undefined };
}

const pane = new Pane((workerData as { readonly memory: number }).memory);
let turn: Promise<unknown> = Promise.resolve();

const errorToFailure = (error: unknown): AnswerMessage["failure"] =>
  error instanceof GanEvalError
    ? { code: error.code, message: error.message, hint: error.hint }
    : { message: (error as Error).stack ?? String(error) };

async function answer({ id, call, args }: CallMessage): Promise<void> {
  try {
    const made = await (pane[call] as (...given: unknown[]) => Promise<unknown>).apply(pane, [...args]);
    const { frame } = (made ?? {}) as { readonly frame?: Uint8Array<ArrayBuffer> };
    parentPort!.postMessage({ id, answer: made } satisfies AnswerMessage, frame ? [frame.buffer] : []);
  } catch (error) {
    parentPort!.postMessage({ id, failure: errorToFailure(error) } satisfies AnswerMessage);
  }
  if (call === "close") parentPort!.close();
}

parentPort!.on("message", (message: CallMessage) => {
  // An end is not waited for in a row.
  if (message.call === "stop") answer(message);
  else turn = turn.then(() => answer(message));
});
