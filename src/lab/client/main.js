/** The page: which part of it the address names, and what the server tells it. */
import { follow } from "./connection.js";
import { setText } from "./elements.js";
import { openRunPage } from "./run-page.js";
import { openRunsTable } from "./runs-table.js";

const table = { runs: new Map(), sweeps: new Map(), isKnown: false, canStop: false };
const main = document.getElementById("main");
const connection = document.getElementById("connection");
const STATES = {
  connected: "live",
  waiting: "the server does not answer; trying again",
  refused: "This page needs the address that gan-eval lab printed when it started.",
};

let part;
let stop = () => {};

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

const EVENTS = {
  table({ runs, sweeps, canStop }) {
    Object.assign(table, { runs: byId(runs), sweeps: byId(sweeps), isKnown: true, canStop });
    part.update();
  },
  changes({ runs, gone, sweeps }) {
    for (const run of runs) table.runs.set(run.id, run);
    for (const id of gone) table.runs.delete(id);
    table.sweeps = byId(sweeps);
    part.update();
  },
  run: (view) => part.show?.(view),
  gone: () => part.say?.("The folder of this run is gone."),
  unreadable: ({ message }) => part.say?.(message),
};

function open(isFirst = false) {
  const [, kind, id] = /^#(run|sweep)=([0-9a-f]{16})$/.exec(location.hash) ?? [];
  stop();
  part?.close();
  part = kind === "run" ? openRunPage(table, id) : openRunsTable(table, kind === "sweep" ? id : undefined);
  main.replaceChildren(part.element);
  // Who came by a link is where it led.
  if (!isFirst) {
    scrollTo(0, 0);
    part.heading.focus({ preventScroll: true });
  }
  stop = follow(
    `/api/events${kind === "run" ? `?run=${id}` : ""}`,
    ({ name, data }) => EVENTS[name]?.(data),
    (state) => {
      setText(connection, STATES[state]);
      connection.dataset.state = state;
    },
  );
}

addEventListener("hashchange", () => {
  if (!/^#(t=|main$)/.test(location.hash)) open();
});
open(true);
