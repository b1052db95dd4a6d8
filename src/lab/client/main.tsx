/** The page: which part of it the address names, and whether the lab is there. */
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { PlanePage } from "./plane/plane-page.tsx";
import { RunsPart } from "./runs/runs-part.tsx";
import { Connection, type ConnectionState } from "./socket.ts";

const STATES: Readonly<Record<ConnectionState, string>> = {
  connecting: "connecting",
  connected: "live",
  waiting: "the server does not answer; trying again",
  refused: "This page needs the address that gan-eval lab printed when it started.",
};

const TABS = [
  { title: "Runs", address: "#runs", fits: (hash: string) => !hash.startsWith("#plane") },
  { title: "Plane", address: "#plane", fits: (hash: string) => hash.startsWith("#plane") },
];

/** Links within a part are none to another. */
const isPart = (hash: string): boolean => !/^#(t=|main$)/.test(hash);

let tell: (state: ConnectionState) => void = () => {};
const connection = new Connection((state) => tell(state));

function Page() {
  const [state, setState] = useState<ConnectionState>("connecting");
  const [hash, setHash] = useState(location.hash);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  tell = setState;
  useEffect(() => {
    const turn = () => isPart(location.hash) && setHash(location.hash);
    addEventListener("hashchange", turn);
    return () => removeEventListener("hashchange", turn);
  }, []);
  const isPlane = hash.startsWith("#plane");
  /** Other settings of a part are none other. */
  const part = isPlane ? "#plane" : hash.split("&")[0];
  // Who came by a link is where it led.
  useEffect(() => {
    if (!isFirst.current) {
      scrollTo(0, 0);
      main.current?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [part]);
  return (
    <>
      <header class="top">
        <h1>
          <a href="#runs">gan-eval lab</a>
        </h1>
        <nav aria-label="parts">
          {TABS.map(({ title, address, fits }) => (
            <a
              key={address}
              href={address}
              data-part={`tab-${title.toLowerCase()}`}
              aria-current={fits(hash) ? "page" : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <p id="connection" role="status" class="muted" data-state={state}>
          {STATES[state]}
        </p>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {isPlane ? <PlanePage connection={connection} /> : <RunsPart connection={connection} hash={hash} />}
      </main>
    </>
  );
}

render(<Page />, document.getElementById("page")!);
