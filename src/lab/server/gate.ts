/** Who may ask a lab for what: one gate for every request, upgrades too. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What is answered instead of what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

export interface GateKeys {
  readonly port: number;
  readonly token: string;
}

/** More is no message of ours. */
export const MOST_BODY_BYTES = 65_536;

/** Points of a page: 100,000 of them as text. */
export const POINTS_ADDRESS = "/api/points";
export const MOST_POINTS_BYTES = 6_400_000;

/** Names by which a browser on this machine reaches it. Another name that leads here is an attack by DNS rebinding. */
const portToHosts = (port: number): string[] =>
  ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${port}`);

/** What a page calls the protocol of its socket. */
export const SOCKET_PROTOCOL = "gan-eval-lab";

/** A browser lets a page put no header on a socket, and a list of protocols: the token is one of them. */
const TOKEN_PROTOCOL = "token.";

function isSame(given: string, own: string): boolean {
  const [a, b] = [given, own].map((text) => Buffer.from(text));
  return a.length === b.length && timingSafeEqual(a, b);
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  if (headers.upgrade === undefined) return isSame(headers.authorization ?? "", `Bearer ${token}`);
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return (
    offered.includes(SOCKET_PROTOCOL) && offered.some((name) => isSame(name, `${TOKEN_PROTOCOL}${token}`))
  );
}

/**
 * Undefined where a request is let in. A link or a file may open the page, and nothing may embed or read it. Page and scripts hold no secret; data needs the token. There are no cookies, so that
 * another page has nothing that a browser would send along.
 */
export function refuse(
  request: IncomingMessage,
  isPublic: boolean,
  { port, token }: GateKeys,
): Refusal | undefined {
  const { host = "", origin, upgrade, "sec-fetch-site": site } = request.headers;
  if (!portToHosts(port).includes(host))
    return {
      status: 403,
      message: `expected Host 127.0.0.1:${port}, got another. Open the address that gan-eval lab printed.`,
    };
  const needsOrigin = request.method !== "GET" || upgrade !== undefined;
  if (origin === undefined ? needsOrigin : origin !== `http://${host}`)
    return { status: 403, message: "expected a request of the lab's own page, got one of another origin." };
  const isOpened = site === "none" || request.headers["sec-fetch-dest"] === "document";
  if (site !== undefined && site !== "same-origin" && !(isPublic && isOpened))
    return { status: 403, message: "expected a request of the lab's own page, got one of another site." };
  if (!isPublic && !hasToken(request, token))
    return {
      status: 401,
      message: "expected the lab's token, got none or another. Open the printed address.",
    };
  const most = request.url === POINTS_ADDRESS ? MOST_POINTS_BYTES : MOST_BODY_BYTES;
  if (Number(request.headers["content-length"] ?? 0) > most)
    return { status: 413, message: `expected at most ${most} bytes.` };
  return undefined;
}
