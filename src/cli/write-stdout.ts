/** Puts text on standard output, all of it or an error. */
import { fstatSync, writeSync } from "node:fs";
import { GanEvalError } from "../errors.ts";

/** A file takes what there is room for and says how much that was; a stream of Node would not ask again. */
function writeToFile(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

const isFile = (): boolean => {
  try {
    return fstatSync(1).isFile();
  } catch {
    return false;
  }
};

/** @throws Error what the system says where it is not taken; `EPIPE` where the reader has left */
export async function writeToStdout(text: string): Promise<undefined> {
  if (text === "") return;
  if (isFile()) return void writeToFile(text);
  return new Promise<undefined>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve(undefined)));
  });
}

export const cannotPrint = (cause: unknown): GanEvalError =>
  new GanEvalError(
    "input.cannot-write",
    `the result could not be written to standard output: ${(cause as Error).message}`,
    {
      hint: "What was printed is not whole. Make room, or send the output elsewhere, and run it again.",
      cause,
    },
  );
