/** What a request says. */
import type { IncomingMessage } from "node:http";
import { GanEvalError } from "../../errors.ts";
import { MOST_BODY_BYTES } from "./gate.ts";

/** @throws GanEvalError `usage.lab-request` for another type of content, and for more bytes, whatever it says of their number */
export async function readBytes(request: IncomingMessage, type: string, most: number): Promise<Buffer> {
  const refused = (got: string): GanEvalError =>
    new GanEvalError("usage.lab-request", `expected ${type} of at most ${most} bytes, got ${got}`);
  if (request.headers["content-type"] !== type) throw refused("another kind of content");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > most) throw refused("more");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A small JSON object. @throws GanEvalError `usage.lab-request` for what is no JSON, too long, or called something else */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request, "application/json", MOST_BODY_BYTES);
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new GanEvalError("usage.lab-request", "expected JSON, got other text");
  }
}
