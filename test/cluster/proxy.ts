/** A connection to a server that can be cut: bytes stand still, and nobody is told. */
import { connect, createServer, type Socket } from "node:net";

export interface Proxy {
  /** The server's, by way of this proxy. */
  readonly url: string;
  cut(): void;
  /** Connections from before stay dead, as after a real partition; new ones come through. */
  mend(): void;
  stop(): void;
}

export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(from);
      if (isCut) from.pause();
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = new URL(url);
  own.port = `${(server.address() as { port: number }).port}`;
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: own.href.replace(/\/$/, ""),
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isCut = false;
      end();
    },
    stop() {
      server.close();
      end();
    },
  };
}
