/** A lab: a page on this machine that shows runs while they train. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { sceneToAddress } from "./client/plane/scene-address.ts";
import { RunIndex } from "./index/run-index.ts";
import type { SceneName } from "./scenes/scene-names.ts";
import { answerText } from "./server/answers.ts";
import { converse } from "./server/conversations.ts";
import { type GateKeys, refuse } from "./server/gate.ts";
import { SAFE_HEADERS } from "./server/headers.ts";
import { listen } from "./server/listen.ts";
import { LiveFeed } from "./server/live-feed.ts";
import { readPageFiles } from "./server/page-files.ts";
import { answer } from "./server/routes.ts";
import { openSockets } from "./server/sockets.ts";
import { keepToken } from "./server/token-file.ts";

export interface LabOptions {
  /** Folders of runs and sweeps. One that is not there is shown when it comes. */
  readonly folders: readonly string[];
  /** Undefined: the usual one, or the next that is free; 0: any. */
  readonly port: number | undefined;
  /** Whether runs can be seen and not stopped. */
  readonly isReadOnly: boolean;
  /** The tour that its address begins; undefined: none. */
  readonly scene?: SceneName | undefined;
  /** Where it keeps its token while it is open, and points of pages. */
  readonly cacheFolder: string;
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
export async function openLab({
  folders,
  port: asked,
  isReadOnly,
  scene,
  cacheFolder,
  steadyClock,
}: LabOptions): Promise<Lab> {
  const files = await readPageFiles();
  const own = path.join(cacheFolder, "lab");
  const pointsFolder = path.join(own, "points");
  const index: RunIndex = new RunIndex(folders, (changes) => feed.tell(changes));
  const feed = new LiveFeed({ index, isReadOnly, steadyClock });
  /** Until the port is known nobody has a token. */
  let keys: GateKeys = { port: 0, token: "" };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = request.method === "GET" ? files.get(request.url ?? "") : undefined;
    const refusal = refuse(request, file !== undefined, keys);
    if (refusal) {
      // What a refused request still has to say is not read.
      response.setHeader("Connection", "close");
      return answerText(response, refusal.status, refusal.message);
    }
    if (!file) return answer(request, response, { index, isReadOnly, pointsFolder });
    response.writeHead(200, { ...SAFE_HEADERS, "Content-Type": file.type });
    response.end(file.body);
  };

  const server = createServer({ maxHeaderSize: 8192 }, (request, response) => {
    response.on("error", () => {});
    handle(request, response).catch(() => response.destroy());
  });
  const sockets = openSockets(
    server,
    () => keys,
    (page) => converse(page, { feed, folder: folders[0], isReadOnly, pointsFolder }),
  );
  const port = await listen(server, asked);
  const { token, forget } = await keepToken(own, port);
  keys = { port, token };
  return {
    port,
    url: `http://127.0.0.1:${port}/#t=${token}${scene === undefined ? "" : `&${sceneToAddress(scene).slice(1)}`}`,
    async close() {
      sockets.close();
      await forget();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
