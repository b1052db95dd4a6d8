/** The table of runs and sweeps. */
import { arrange, make, setAttribute, setText } from "./elements.js";
import { COLUMNS, fitsText, isSweep, rowToStatus, STATUSES, sortRows } from "./run-cells.js";

const WINDOW = 100;

const rowToAddress = (row) => `#${isSweep(row) ? "sweep" : "run"}=${row.id}`;

function makeLine(row) {
  const cells = COLUMNS.map(({ id, title, toShare }) => {
    if (id === "name") return make("th", { scope: "row" }, make("a", { href: rowToAddress(row) }));
    const cell = make("td", { class: id, "data-title": title }, make("span"));
    if (toShare) cell.append(make("progress", { max: "1", "aria-hidden": "true" }));
    return cell;
  });
  return make("tr", { "data-id": row.id }, ...cells);
}

function updateLine(line, row) {
  for (const [i, { toText, toShare, toClass }] of COLUMNS.entries()) {
    const cell = line.children[i];
    const text = toText(row);
    setText(cell.firstElementChild, text);
    cell.classList.toggle("empty", text === "");
    if (toClass) setAttribute(cell.firstElementChild, "class", toClass(row));
    if (toShare) cell.lastElementChild.value = toShare(row);
  }
  setAttribute(line, "class", `${isSweep(row) ? "sweep" : "run"} is-${rowToStatus(row)}`);
  const title = row.failure ?? "";
  if (line.title !== title) line.title = title;
}

/** @param sweep the id of the sweep whose runs are shown; undefined: sweeps, and runs that belong to none */
export function openRunsTable(table, sweep) {
  const sort = { column: "started", isDown: true };
  let most = WINDOW;
  const lines = new Map();

  const heading = make("h2", { tabindex: "-1" });
  const text = make("input", { type: "search", id: "filter", autocomplete: "off", oninput: () => update() });
  const status = make(
    "select",
    { id: "status", onchange: () => update() },
    make("option", { value: "" }, "all"),
    ...Object.entries(STATUSES).map(([value, title]) => make("option", { value }, title)),
  );
  const summary = make("p", { class: "muted", role: "status", id: "summary" });
  const heads = COLUMNS.map(({ id, title }) =>
    make(
      "th",
      { scope: "col", "aria-sort": "none" },
      make("button", { type: "button", onclick: () => sortBy(id) }, title),
    ),
  );
  const body = make("tbody");
  const grid = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
  const more = make("button", { type: "button", onclick: showMore }, "show more");
  const order = make(
    "select",
    { id: "order", onchange: () => sortBy(order.value, false) },
    ...COLUMNS.map(({ id, title }) => make("option", { value: id }, title)),
  );
  order.value = sort.column;

  function sortBy(column, turns = true) {
    sort.isDown = turns && sort.column === column ? !sort.isDown : column === "started";
    sort.column = column;
    order.value = column;
    update();
  }
  function showMore() {
    most += WINDOW;
    update();
  }

  function rowsToShow() {
    const words = text.value.trim();
    const runs = [...table.runs.values()];
    const shown =
      sweep !== undefined
        ? runs.filter((run) => run.sweep === sweep)
        : words !== ""
          ? [...table.sweeps.values(), ...runs]
          : [...table.sweeps.values(), ...runs.filter((run) => run.sweep === undefined)];
    const hasStatus = (row) => (isSweep(row) ? row.counts[status.value] > 0 : row.status === status.value);
    return {
      all: shown.length,
      fitting: shown.filter((row) => (status.value === "" || hasStatus(row)) && fitsText(row, words)),
    };
  }

  function update() {
    const { all, fitting } = rowsToShow();
    const sorted = sortRows(fitting, sort).slice(0, most);
    for (const row of sorted) {
      if (!lines.has(row.id)) lines.set(row.id, makeLine(row));
      updateLine(lines.get(row.id), row);
    }
    const shown = new Set(sorted.map(({ id }) => id));
    for (const id of lines.keys()) if (!shown.has(id)) lines.delete(id);
    arrange(
      body,
      sorted.map(({ id }) => lines.get(id)),
    );
    for (const [i, { id }] of COLUMNS.entries())
      setAttribute(
        heads[i],
        "aria-sort",
        id === sort.column ? (sort.isDown ? "descending" : "ascending") : "none",
      );
    const running = fitting.filter((row) => rowToStatus(row) === "running").length;
    setText(
      heading,
      sweep === undefined ? "Runs and sweeps" : `Sweep ${table.sweeps.get(sweep)?.name ?? ""}`,
    );
    setText(
      summary,
      !table.isKnown
        ? "reading the folders"
        : all === 0
          ? "No runs yet. They appear here when a training begins."
          : `${fitting.length} of ${all}, ${running} running${fitting.length > most ? `; the first ${most} are shown` : ""}`,
    );
    grid.hidden = fitting.length === 0;
    more.hidden = fitting.length <= most;
  }

  const element = make(
    "section",
    {},
    sweep !== undefined && make("p", {}, make("a", { href: "#" }, "all runs and sweeps")),
    heading,
    make(
      "div",
      { class: "controls" },
      make("label", {}, "filter ", text),
      make("label", {}, "status ", status),
      make("label", { class: "narrow" }, "order ", order),
    ),
    summary,
    make("div", { class: "runs" }, grid),
    more,
  );
  update();
  return { element, heading, update, close() {} };
}
