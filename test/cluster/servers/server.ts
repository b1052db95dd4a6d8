/** A server of a queue that a test can kill, freeze and start again; and a port that is free. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export interface QueueServer {
  /** For a user who may do what a queue needs. */
  readonly url: string;
  /** Ends it as a power cut does, without a word. */
  kill(): Promise<void>;
  /** Starts it again, with what it kept. */
  restart(): Promise<void>;
  /** It is there and does not answer. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A port of this machine that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export interface Folder {
  readonly location: string;
  remove(): void;
}

export function openFolder(name: string): Folder {
  const location = mkdtempSync(path.join(tmpdir(), `gan-eval-${name}-`));
  return { location, remove: () => rmSync(location, { recursive: true, force: true }) };
}
