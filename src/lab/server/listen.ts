/** A port of this machine, which no other machine reaches. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GanEvalError } from "../../errors.ts";

const HOST = "127.0.0.1";
/** Where nothing else was asked for, so that an address can be kept. */
const USUAL_PORT = 8710;
/** Ports from there on that are tried. */
const ATTEMPTS = 20;

const listenOn = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: HOST, port, exclusive: true }, () => {
      server.removeListener("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const cannotListen = (port: number, cause: NodeJS.ErrnoException): GanEvalError =>
  new GanEvalError(
    "usage.port",
    cause.code === "EADDRINUSE"
      ? `expected a free port, got ${port}, which another program listens on`
      : `expected a port to listen on, got ${port}: ${cause.message}`,
    {
      hint: "Give another --port, 0 for any that is free, or none for the usual one and those behind it.",
      cause,
    },
  );

/**
 * @param asked the port; undefined: the usual one, or the next that is free
 * @returns the port
 * @throws GanEvalError `usage.port`
 */
export async function listen(server: Server, asked: number | undefined): Promise<number> {
  const first = asked ?? USUAL_PORT;
  for (let port = first; ; port++)
    try {
      return await listenOn(server, port);
    } catch (cause) {
      const isTaken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (asked !== undefined || !isTaken || port >= first + ATTEMPTS)
        throw cannotListen(port, cause as NodeJS.ErrnoException);
    }
}
