/** Requests as browsers do not let pages make them. */
import { request } from "node:http";
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
          // Events have no end.
          if (response.headers["content-type"] === "text/event-stream" && text.includes("\n\n")) end();
        });
        const end = () => {
          resolve({ status: response.statusCode!, headers: response.headers, body: text });
          response.destroy();
        };
        response.on("end", end);
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
