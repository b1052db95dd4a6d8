import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";

/** Refuses, before hours of work, a file that could not be written after them. */
export async function requireWritable(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  try {
    if ((await stat(file).catch(() => undefined))?.isDirectory()) throw new Error("it is a folder");
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new GanEvalError("input.cannot-write", `expected a file that can be written, got ${file}`, {
      hint: `Check that the folder ${folder} exists and is writable (${(error as Error).message}).`,
      cause: error,
    });
  }
}
