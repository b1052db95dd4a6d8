/** Starts work in a process of its own: a training run, or what another program does. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ending, FromChild, Task, ToChild } from "./messages.ts";

export interface Child {
  /** Never rejects. */
  readonly ending: Promise<Ending>;
  /** Asks for a checkpoint and an end. */
  stop(): void;
}

export type StartChild<OwnTask = Task> = (
  task: OwnTask,
  onProgress: (done: number, total: number) => void,
  onNotice?: (text: string) => void,
  /** Seconds; the usual ones if left out. */
  lease?: number,
) => Child;

/** The end of what a process said before it broke off. */
const STDERR_TAIL = 500;

/** A module as a child process: `serveTask` is all that it does. */
export const startProgram =
  <OwnTask>(program: string): StartChild<OwnTask> =>
  (task, onProgress, onNotice, lease) => {
    const child = fork(program, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let words = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-STDERR_TAIL);
    });
    // It may be gone already: its ending says so.
    const tell = (message: ToChild<OwnTask>): void => {
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
    tell({ kind: "begin", task, lease });
    return { ending, stop: () => tell({ kind: "stop" }) };
  };

/** The module of this name beside another one, under the ending that both have: `.ts` in sources, `.js` in dist. */
export const moduleBeside = (url: string, name: string): string =>
  fileURLToPath(url).replace(/[^/\\]+(\.[jt]s)$/, `${name}$1`);

/** Trains in a process of its own. */
export const startChild: StartChild = startProgram(moduleBeside(import.meta.url, "child"));
