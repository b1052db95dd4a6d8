/** Signs of life of the locks that this process holds, from a thread of its own: a slow round blocks the main one. */
import { Worker } from "node:worker_threads";
import { signMilliseconds } from "./lock-holder.ts";

/**
 * Writes each lock's first character anew, as it is, so that the file system says when; a lock that is another's by now is
 * left. What cannot be written is tried again: whoever finds the lease over takes the lock, and the holder finds that
 * out before it writes anything else. Plain script text, for it must run from sources and from dist alike.
 */
const threadCode = `
const { parentPort } = require("node:worker_threads");
const { readFileSync, openSync, writeSync, closeSync } = require("node:fs");
const timers = new Map();
const sign = (location, text) => {
  try {
    if (readFileSync(location, "utf8") !== text) return;
    const file = openSync(location, "r+");
    try { writeSync(file, text.slice(0, 1), 0); } finally { closeSync(file); }
  } catch {}
};
parentPort.on("message", ({ location, text, every }) => {
  clearInterval(timers.get(location));
  if (text !== undefined) timers.set(location, setInterval(sign, every, location, text));
});
`;

let thread: Worker | undefined;
const held = new Set<string>();

/** Gives signs of life of a lock until the returned function is called. `every`: milliseconds. */
export function showLife(location: string, text: string, every = signMilliseconds()): () => void {
  if (thread === undefined) {
    thread = new Worker(threadCode, { eval: true, execArgv: [] });
    // Keeps no process alive. Without the thread the lock is void when its lease is over, which the holder finds out.
    thread.on("error", () => {});
    thread.unref();
  }
  const own = thread;
  held.add(location);
  own.postMessage({ location, text, every });
  return () => {
    held.delete(location);
    own.postMessage({ location });
    if (held.size > 0) return;
    if (thread === own) thread = undefined;
    void own.terminate();
  };
}
