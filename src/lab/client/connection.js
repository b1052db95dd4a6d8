/** The way to the server: the token, data by fetch, and events as they come. */

const KEY = "gan-eval-token";
const RETRY_MS = 1000;
/** The server sends something every 10 seconds. */
const SILENCE_MS = 25_000;

/** From the address, once; then it is in this tab alone, and in no history. */
function takeToken() {
  const found = /^#t=([\w-]+)$/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(KEY, found[1]);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

const token = takeToken();

/** A token in a new address, pasted into an open page. */
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#t=")) location.reload();
});

export const ask = (address, options = {}) =>
  fetch(address, { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });

/** `event: table\ndata: {...}` */
function blockToEvent(block) {
  const name = /^event: (.*)$/m.exec(block)?.[1];
  const data = /^data: (.*)$/m.exec(block)?.[1];
  return name === undefined || data === undefined ? undefined : { name, data: JSON.parse(data) };
}

async function readEvents(address, signal, onSign, onEvent) {
  const response = await ask(address, { signal });
  if (response.status === 401) throw new DOMException("no token", "NotAllowedError");
  if (!response.ok) throw new Error(await response.text());
  onSign();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onSign();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const event of blocks.map(blockToEvent)) if (event) onEvent(event);
  }
}

/**
 * Events until it is called off, over any number of connections. A hidden page has none: it catches up when it is shown.
 * @param onState `connected`, `waiting` for the server, or `refused`
 * @returns what calls it off
 */
export function follow(address, onEvent, onState) {
  let controller;
  let timer;
  let watchdog;
  const stop = () => {
    clearTimeout(timer);
    clearTimeout(watchdog);
    controller?.abort();
    controller = undefined;
  };
  const start = async () => {
    stop();
    if (document.hidden) return;
    const own = new AbortController();
    controller = own;
    const onSign = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => own.abort(), SILENCE_MS);
      onState("connected");
    };
    let state = "waiting";
    try {
      await readEvents(address, own.signal, onSign, onEvent);
    } catch (error) {
      if (error.name === "NotAllowedError") state = "refused";
    }
    if (controller !== own) return;
    onState(state);
    timer = setTimeout(start, RETRY_MS);
  };
  const onShown = () => (document.hidden ? stop() : start());
  document.addEventListener("visibilitychange", onShown);
  start();
  return () => {
    document.removeEventListener("visibilitychange", onShown);
    stop();
  };
}
