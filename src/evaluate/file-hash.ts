/** The hash of a file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { unlessForbidden } from "../files/forbidden.ts";

/** SHA-256 of a file's bytes, in hexadecimal; undefined for what is no file. */
export async function fileToHash(location: string): Promise<string | undefined> {
  if (!(await stat(location).catch(unlessForbidden(undefined)))?.isFile()) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(location)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
