/**
 * What ended the runs that failed, as the parts of a sweep saw it: a run that could not begin leaves no folder, and one
 * whose process was killed no word. Whoever collects the parts reads it, and scores.csv says what it would say of one machine.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { failuresFolder } from "../run-folder/sweep-parts.ts";
import type { Ending } from "./messages.ts";

const FAILURE = z.object({ code: z.string(), message: z.string() });
export type Failure = Pick<Extract<Ending, { kind: "failed" }>, "code" | "message">;

/** How often the folder may vanish, tidied away by another process, before the file can be written in it. */
const ATTEMPTS = 10;

const runToLocation = (sweep: string, name: string): string =>
  path.join(failuresFolder(sweep), `${name}.json`);

/** @throws GanEvalError `input.cannot-write` */
export async function writeFailure(sweep: string, name: string, { code, message }: Failure): Promise<void> {
  const text = `${JSON.stringify({ code, message })}\n`;
  for (let attempt = 1; ; attempt++)
    try {
      await mkdir(failuresFolder(sweep), { recursive: true });
      return await writeFileAtomically(runToLocation(sweep, name), [Buffer.from(text)]);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
}

/** The run is tried again: what ended it before is past. */
export const forgetFailure = (sweep: string, name: string): Promise<void> =>
  rm(runToLocation(sweep, name), { force: true });

/** Undefined of a run that did not fail, or that nobody saw fail. */
export async function readFailure(sweep: string, name: string): Promise<Failure | undefined> {
  try {
    return FAILURE.parse(JSON.parse(await readFile(runToLocation(sweep, name), "utf8")));
  } catch {
    return undefined;
  }
}
