/** The hash of a file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/**
 * SHA-256 of a file's bytes, in hexadecimal.
 * @param onBytes is told after each piece how many bytes have been read; what it throws ends the reading
 */
export async function fileToSha256(location: string, onBytes?: (done: number) => void): Promise<string> {
  const hash = createHash("sha256");
  let done = 0;
  for await (const chunk of createReadStream(location, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Uint8Array);
    done += (chunk as Uint8Array).length;
    onBytes?.(done);
  }
  return hash.digest("hex");
}
