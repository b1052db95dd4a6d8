/** Checks before long work that its output can be written. */
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { locationToTarget } from "../files/output-target.ts";

/** Refuses, before hours of work, a file that could not be written after them. */
export async function requireWritable(file: string): Promise<void> {
  await locationToTarget(file).catch((error: Error) => {
    const folder = path.dirname(path.resolve(file));
    throw new GanEvalError("input.cannot-write", `expected a writable file, got ${file}`, {
      hint: `Check that the folder ${folder} exists and is writable (${error.message}).`,
      cause: error,
    });
  });
}
