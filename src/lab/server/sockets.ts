/** Sockets of open pages: let in by the gate, each with its two conversations, about runs and about the plane. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type GateKeys, MOST_BODY_BYTES, type Refusal, refuse, SOCKET_PROTOCOL } from "./gate.ts";

/** Where a page opens its socket. */
const ADDRESS = "/api/socket";
/** So often each side is asked for a sign of life. */
const PING_MS = 10_000;
const MOST_PAGES = 32;

/** A page, as those see it who talk to it. */
export interface OpenPage {
  send(message: unknown): void;
  sendBytes(bytes: Uint8Array): void;
  /** Whether it has yet to take what it was sent: more would pile up. */
  readonly isBusy: boolean;
}

export interface Conversation {
  /** JSON that was parsed, of any kind. */
  receive(message: unknown): void;
  close(): void;
}

export interface Sockets {
  close(): void;
}

/** What a page may have waiting. */
const MOST_WAITING = 2 ** 20;

const socketToPage = (socket: WebSocket): OpenPage => ({
  send: (message) => socket.send(JSON.stringify(message)),
  sendBytes: (bytes) => socket.send(bytes),
  get isBusy() {
    return socket.bufferedAmount > MOST_WAITING;
  },
});

function turnAway(socket: Duplex, { status, message }: Refusal): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** @param converse begins to talk to a page */
export function openSockets(
  server: Server,
  toKeys: () => GateKeys,
  converse: (page: OpenPage) => Conversation,
): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_BODY_BYTES,
    handleProtocols: () => SOCKET_PROTOCOL,
  });

  function admit(request: IncomingMessage): Refusal | undefined {
    const refusal = refuse(request, false, toKeys());
    if (refusal) return refusal;
    if (request.url !== ADDRESS) return { status: 404, message: "expected the address of the socket." };
    if (sockets.clients.size >= MOST_PAGES)
      return { status: 503, message: "too many pages of this lab are open: close some." };
    return undefined;
  }

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {});
    const refusal = admit(request);
    if (refusal) return turnAway(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (open) => talk(open));
  });

  function talk(socket: WebSocket): void {
    const conversation = converse(socketToPage(socket));
    let isAlive = true;
    const pinging = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    }, PING_MS);
    socket.on("pong", () => {
      isAlive = true;
    });
    socket.on("message", (data, isBinary) => {
      const text = isBinary ? "" : String(data);
      try {
        conversation.receive(JSON.parse(text));
      } catch {
        socket.close(1007, "expected JSON");
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(pinging);
      conversation.close();
    });
  }

  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
