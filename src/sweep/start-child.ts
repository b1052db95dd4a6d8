/** Starts a training run in a process of its own. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ending, FromChild, Task, ToChild } from "./messages.ts";

export interface Child {
  /** Never rejects. */
  readonly ending: Promise<Ending>;
  /** Asks for a checkpoint and an end. */
  stop(): void;
}

export type StartChild = (
  task: Task,
  onProgress: (done: number, total: number) => void,
  onNotice?: (text: string) => void,
) => Child;

/** The end of what a process said before it broke off. */
const STDERR_TAIL = 500;

/** Beside this module, under the ending that it has itself: `.ts` in sources, `.js` in dist. */
const program = (): string => fileURLToPath(import.meta.url).replace(/start-child(\.[jt]s)$/, "child$1");

/** Trains in a process of its own. */
export const startChild: StartChild = (task, onProgress, onNotice) => {
  const child = fork(program(), { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let words = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-STDERR_TAIL);
  });
  // It may be gone already: its ending says so.
  const tell = (message: ToChild): void => {
    if (child.connected) child.send(message, () => {});
  };
  const ending = new Promise<Ending>((resolve) => {
    let told: Ending | undefined;
    child.on("message", (message: FromChild) => {
      if (message.kind === "progress") onProgress(message.done, message.total);
      else if (message.kind === "notice") onNotice?.(message.text);
      else told = message;
    });
    child.on("error", ({ message }) => resolve({ kind: "failed", code: "internal.child", message }));
    child.on("close", (code, signal) => {
      const message =
        `the process ended ${signal === null ? `with code ${code}` : `by ${signal}`} ${words}`.trim();
      resolve(told ?? { kind: "failed", code: "internal.child", message });
    });
  });
  tell({ kind: "begin", task });
  return { ending, stop: () => tell({ kind: "stop" }) };
};
