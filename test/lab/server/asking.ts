/** Requests as browsers do not let pages make them. */
import { request } from "node:http";
import { WebSocket } from "ws";
import type { Lab } from "../../../src/lab/open-lab.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export const labToToken = ({ url }: Lab): string => url.slice(url.indexOf("#t=") + 3);

/** @param headers instead of those of the lab's own page; undefined leaves one out */
export function ask(
  lab: Lab,
  path: string,
  { method = "GET", headers = {}, body = "" }: AskOptions = {},
): Promise<Answered> {
  const all = { Host: `127.0.0.1:${lab.port}`, Authorization: `Bearer ${labToToken(lab)}`, ...headers };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port: lab.port, path, method, headers: given as Record<string, string> },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: text }),
        );
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

export interface OpenedSocket {
  readonly socket: WebSocket;
  readonly received: readonly unknown[];
}

/** A socket as the lab's page opens it. @throws where it is refused */
export async function openSocket(
  lab: Lab,
  {
    token = labToToken(lab),
    address = "/api/socket",
    headers = {},
  }: {
    readonly token?: string;
    readonly address?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<OpenedSocket> {
  const origin = `http://127.0.0.1:${lab.port}`;
  const protocols = ["gan-eval-lab", `token.${token}`];
  const socket = new WebSocket(`ws://127.0.0.1:${lab.port}${address}`, protocols, {
    headers: { Origin: origin, ...headers },
  });
  const received: unknown[] = [];
  socket.on("message", (data) => received.push(JSON.parse(String(data))));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return { socket, received };
}
