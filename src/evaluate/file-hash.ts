/** The hash of a side that is one file. */
import { stat } from "node:fs/promises";
import { fileToSha256 } from "../files/file-hash.ts";
import { unlessForbidden } from "../files/forbidden.ts";

/** SHA-256 of a file's bytes, in hexadecimal; undefined for what is no file. */
export async function fileToHash(location: string): Promise<string | undefined> {
  if (!(await stat(location).catch(unlessForbidden(undefined)))?.isFile()) return undefined;
  return fileToSha256(location);
}
