/** The way to the lab: its token, one socket that comes back by itself, and what is fetched beside it. */

const KEY = "gan-eval-token";
const RETRY_MS = 1000;

/** `refused`: the token is none, or another lab's. */
export type ConnectionState = "connecting" | "connected" | "waiting" | "refused";

export interface Listener {
  /** A message, as JSON; its kinds are those of src/lab/protocol. */
  message(message: { readonly kind: string }): void;
  frame?(bytes: ArrayBuffer): void;
  /** The socket is open, for the first time or again: whoever listens says again what it wants. */
  opened(): void;
}

/** From the address, once; then it is in this tab alone, and in no history. What follows it is the part to be shown. */
function takeToken(): string {
  const found = /^#t=([\w-]+)(?:&(.*))?$/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(KEY, found[1]);
    history.replaceState(null, "", `${location.pathname}${found[2] ? `#${found[2]}` : ""}`);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

const token = takeToken();

/** A token in a new address, pasted into an open page. */
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#t=")) location.reload();
});

/** Fetches what the lab answers over HTTP. */
export const ask = (address: string, options: RequestInit = {}): Promise<Response> =>
  fetch(address, { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });

/** Asks for something to be done. Undefined where it was; else why not. */
export async function order(address: string, body?: unknown): Promise<string | undefined> {
  const options: RequestInit = { method: "POST" };
  if (body !== undefined)
    Object.assign(options, {
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  const response = await ask(address, options).catch(() => undefined);
  if (response?.ok) return undefined;
  return response ? (await response.text()).trim() : "the server does not answer";
}

export class Connection {
  private socket: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private listener: Listener | undefined;
  private state: ConnectionState = "connecting";
  private readonly onState: (state: ConnectionState) => void;

  constructor(onState: (state: ConnectionState) => void) {
    this.onState = onState;
    this.open();
    // A machine that slept has lost its socket without a word.
    addEventListener("online", () => this.reopen());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.socket === undefined) this.reopen();
    });
  }

  /** One part of the page listens at a time. */
  listen(listener: Listener | undefined): void {
    this.listener = listener;
    if (this.state === "connected") listener?.opened();
  }

  /** Nothing where the socket is not open: `opened` is called when it is. */
  send(message: { readonly kind: string }): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private reopen(): void {
    clearTimeout(this.retry);
    this.open();
  }

  private open(): void {
    const socket = new WebSocket(`ws://${location.host}/api/socket`, ["gan-eval-lab", `token.${token}`]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.tell("connected");
      this.listener?.opened();
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.listener?.message(JSON.parse(data));
      else this.listener?.frame?.(data);
    };
    socket.onclose = () => this.closed(socket);
  }

  /** A browser does not say why a socket was refused. */
  private async closed(socket: WebSocket): Promise<void> {
    if (this.socket !== socket) return;
    this.socket = undefined;
    const welcome = await ask("/api/welcome").catch(() => undefined);
    if (this.socket !== undefined) return;
    this.tell(welcome?.status === 401 ? "refused" : "waiting");
    this.retry = setTimeout(() => this.open(), RETRY_MS);
  }

  private tell(state: ConnectionState): void {
    this.state = state;
    this.onState(state);
  }
}
