/**
 * The id of a folder that jobs are of, in a file of it: what jobs are called by, so that two users of one server do not
 * meet, and what a worker knows its shared folder by. `sweep.json` of a sweep, `queue.json` of a cache or of leaves.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { SWEEP_FILE } from "../run-folder/queued-sweep.ts";

export const JOBS_FILE = "queue.json";
const SCHEMA = "gan-eval/sweep/1";
const SWEEP = z.object({ schema: z.literal(SCHEMA), id: z.string().regex(/^[0-9a-f]{16}$/) });

/** The id in such a file; undefined where there is none, or one that cannot be read. */
export const readIdFile = (location: string): Promise<string | undefined> =>
  readFile(location, "utf8").then(
    (json) => SWEEP.safeParse(JSON.parse(json)).data?.id,
    () => undefined,
  );

/** The id of a sweep's folder, which this process holds; it is made where there is none. */
export const readSweepId = (folder: string): Promise<string> => readFolderId(folder, SWEEP_FILE);

/** The same of a folder that several processes use at once: two that make it at the same time have jobs of their own. */
export async function readFolderId(folder: string, file = JOBS_FILE): Promise<string> {
  const location = path.join(folder, file);
  const known = await readIdFile(location).catch(() => undefined);
  if (known !== undefined) return known;
  const id = randomBytes(8).toString("hex");
  await writeFileAtomically(location, [Buffer.from(`${JSON.stringify({ schema: SCHEMA, id })}\n`)]);
  return id;
}
