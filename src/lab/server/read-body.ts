/** What a request says: a small JSON object. */
import type { IncomingMessage } from "node:http";
import { GanEvalError } from "../../errors.ts";
import { MOST_BODY_BYTES } from "./gate.ts";

/** @throws GanEvalError `usage.lab-request` for what is no JSON, too long, or called something else */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const refused = (got: string): GanEvalError =>
    new GanEvalError("usage.lab-request", `expected JSON of at most ${MOST_BODY_BYTES} bytes, got ${got}`);
  if (request.headers["content-type"] !== "application/json") throw refused("another kind of content");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) throw refused("more");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw refused("other text");
  }
}
