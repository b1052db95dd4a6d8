/** A lab: a page on this machine that shows runs while they train. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { RunIndex } from "./index/run-index.ts";
import { refuse } from "./server/gate.ts";
import { SAFE_HEADERS } from "./server/headers.ts";
import { listen } from "./server/listen.ts";
import { LiveFeed } from "./server/live-feed.ts";
import { readPageFiles } from "./server/page-files.ts";
import { answer, answerText } from "./server/routes.ts";
import { folderToView } from "./view/run-view.ts";

export interface LabOptions {
  /** Folders of runs and sweeps. One that is not there is shown when it comes. */
  readonly folders: readonly string[];
  /** Undefined: the usual one, or the next that is free; 0: any. */
  readonly port: number | undefined;
  /** Whether runs can be seen and not stopped. */
  readonly isReadOnly: boolean;
  /** Milliseconds for durations; never set. */
  readonly steadyClock: () => number;
}

export interface Lab {
  readonly port: number;
  /** With the token behind `#`, which no server and no other page gets to see. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws GanEvalError `usage.port` */
export async function openLab({ folders, port: asked, isReadOnly, steadyClock }: LabOptions): Promise<Lab> {
  const token = randomBytes(32).toString("base64url");
  const files = await readPageFiles();
  const index = new RunIndex(folders);
  const feed = new LiveFeed({ index, isReadOnly, toView: folderToView, steadyClock });
  let port = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = request.method === "GET" ? files.get(request.url ?? "") : undefined;
    const refusal = refuse(request, file !== undefined, { port, token });
    if (refusal) {
      // What a refused request still has to say is not read.
      response.setHeader("Connection", "close");
      return answerText(response, refusal.status, refusal.message);
    }
    if (!file) return answer(request, response, { index, feed, isReadOnly });
    response.writeHead(200, { ...SAFE_HEADERS, "Content-Type": file.type });
    response.end(file.body);
  };

  const server = createServer({ maxHeaderSize: 8192 }, (request, response) => {
    response.on("error", () => {});
    handle(request, response).catch(() => response.destroy());
  });
  port = await listen(server, asked);
  return {
    port,
    url: `http://127.0.0.1:${port}/#t=${token}`,
    async close() {
      feed.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
