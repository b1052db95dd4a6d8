/** A web server of the test's own for shards, on the loopback, that misbehaves as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export interface ServerManner {
  /** Whether parts are given. */
  readonly ranges: boolean;
  /** Bytes after which a connection is cut, the first so many times. */
  readonly cutAfter?: number;
  readonly cuts?: number;
  /** Answers of this status, the first so many times. */
  readonly refusals?: { readonly status: number; readonly times: number };
  /** Only requests with this header are answered. */
  readonly authorization?: string;
  /** Of the second and later requests. */
  readonly laterTag?: string;
}

export interface ShardServer {
  readonly address: string;
  /** Requests so far: the path, and the part that was asked for. */
  readonly asked: { readonly path: string; readonly range: string | undefined }[];
  readonly sent: () => number;
}

export async function openShardServer(
  files: Readonly<Record<string, Uint8Array>>,
  manner: ServerManner,
): Promise<ShardServer> {
  let [cuts, refusals, sent] = [manner.cuts ?? 0, manner.refusals?.times ?? 0, 0];
  const asked: { path: string; range: string | undefined }[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url!, "http://x");
    asked.push({ path: pathname, range: request.headers.range });
    if (pathname.startsWith("/moved/")) {
      response.writeHead(302, { location: pathname.replace("/moved", "") }).end();
      return;
    }
    if (pathname.startsWith("/circle/")) {
      response.writeHead(302, { location: pathname }).end();
      return;
    }
    if (manner.authorization !== undefined && request.headers.authorization !== manner.authorization) {
      response.writeHead(401).end();
      return;
    }
    if (refusals > 0) {
      refusals--;
      response.writeHead(manner.refusals!.status).end();
      return;
    }
    const file = files[pathname.slice(1)];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec((manner.ranges && request.headers.range) || "") ?? [];
    const start = Number(first ?? 0);
    const end = last ? Math.min(Number(last) + 1, file.length) : file.length;
    response.writeHead(first === undefined ? 200 : 206, {
      "content-length": end - start,
      etag: asked.length > 1 && manner.laterTag ? manner.laterTag : `"${file.length}"`,
      ...(first !== undefined && { "content-range": `bytes ${start}-${end - 1}/${file.length}` }),
    });
    if (manner.cutAfter !== undefined && cuts > 0 && end - start > manner.cutAfter) {
      cuts--;
      response.write(file.subarray(start, start + manner.cutAfter), () => response.destroy());
      return;
    }
    sent += end - start;
    response.end(file.subarray(start, end));
  };

  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, asked, sent: () => sent };
}
