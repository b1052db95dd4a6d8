/** What a server itself says of a file's hash: a second source beside the pin. */
import { GanEvalError } from "../../errors.ts";
import { textToRedacted } from "../../redaction.ts";
import type { DistributedFile } from "./download-file.ts";

/** A pointer of git-lfs has about 130 bytes. */
const MAX_POINTER = 1024;

/** The first bytes of an answer, as text; the rest is not waited for. */
async function answerToHead(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_POINTER) break;
  }
  return Buffer.concat(chunks).toString("latin1").slice(0, MAX_POINTER);
}

/**
 * Asks for the pointer that git has in the place of a large file (git-lfs, version 1).
 * @returns the sha256 that it states; undefined where the server does not answer, or with something else
 */
export async function askPointer(
  url: string,
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  try {
    const answer = await fetch(url, signal ? { signal } : {});
    if (answer.status === 200 && answer.body !== null)
      return /^oid sha256:([0-9a-f]{64})$/m.exec(await answerToHead(answer))?.[1];
    await answer.body?.cancel();
  } catch {
    signal?.throwIfAborted();
  }
  return undefined;
}

/**
 * Holds what a server states to the pin, before anything large is fetched.
 * @throws GanEvalError `input.download-checksum` where it states another hash
 */
export function requireSame(file: DistributedFile, stated: string): void {
  if (file.matches({ bytes: file.bytes ?? 0, sha256: stated, gitBlob: "" })) return;
  throw new GanEvalError(
    "input.download-checksum",
    `expected ${file.checksum} of ${textToRedacted(file.url)}, got sha256 ${stated} by what the server states`,
    { hint: "The file there is another one than gan-eval knows. Nothing was downloaded." },
  );
}
