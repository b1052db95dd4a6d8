/** A server on loopback that networks are downloaded from in tests. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Origin {
  readonly url: string;
  /** What each request asked for: `bytes=5-`, or undefined for the whole. */
  readonly ranges: (string | undefined)[];
  answer: Answer;
  close(): Promise<void>;
}

export async function openOrigin(): Promise<Origin> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    origin.answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const origin: Origin = {
    url: `http://127.0.0.1:${port}/net.bin`,
    ranges,
    answer: (_request, response) => void response.writeHead(404).end(),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return origin;
}

export const withStatus =
  (status: number): Answer =>
  (_request, response) =>
    void response.writeHead(status).end("no");

/** A client that is behind drops what it has not read of a connection that is cut: it is given the time to read it. */
const READING_MS = 500;

/** Serves bytes, or the part that is asked for; cuts the connection after `limit` of them. */
export const serving =
  (bytes: Uint8Array, limit = Number.POSITIVE_INFINITY): Answer =>
  (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": bytes.length - start,
      ...(start > 0 && range),
    });
    const rest = bytes.subarray(start);
    if (rest.length <= limit) return void response.end(rest);
    response.write(rest.subarray(0, limit), () => setTimeout(() => response.socket?.end(), READING_MS));
  };
