/** The table of runs and sweeps. */

import { useRef, useState } from "preact/hooks";
import { MOST_COMPARED } from "../../../protocol/runs-messages.ts";
import { order } from "../../socket.ts";
import type { LiveStore } from "../live-store.ts";
import { Scroll } from "../parts/scroll.tsx";
import { readHidden, writeHidden } from "./hidden-runs.ts";
import { isSweep, type Row, type RunColumn, rowToStatus, type Sort, STATUSES } from "./run-columns.ts";
import { RunLine } from "./run-line.tsx";
import { useRows } from "./use-rows.ts";

const WINDOW = 100;

const toggled = (set: ReadonlySet<string>, id: string): Set<string> => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

function Heads({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly RunColumn[];
  readonly sort: Sort;
  readonly onSort: (column: string) => void;
}) {
  return (
    <tr>
      <td class="select" />
      {columns.map(({ id, title }) => (
        <th
          key={id}
          scope="col"
          aria-sort={id === sort.column ? (sort.isDown ? "descending" : "ascending") : "none"}
        >
          <button type="button" onClick={() => onSort(id)}>
            {title}
          </button>
        </th>
      ))}
      <td />
    </tr>
  );
}

const FILTER_HINT = "words, or conditions: lr<1e-3 verdict:collapse status:running fid<20";

function toSummary(store: LiveStore, shown: ReturnType<typeof useRows>, most: number): string {
  const { rows, all, unknown } = shown;
  if (!store.isKnown) return "reading the folders";
  if (unknown.length > 0) return `No run has an option, score or column called ${unknown.join(", ")}.`;
  if (all === 0) return "No runs yet. They appear here when a training begins.";
  const running = rows.filter((row) => rowToStatus(row) === "running").length;
  const first = rows.length > most ? `; the first ${most} are shown` : "";
  return `${rows.length} of ${all}, ${running} running${first}`;
}

function Gates({ store: { gates } }: { readonly store: LiveStore }) {
  if (gates.length === 0) return null;
  const failing = gates.filter(({ passed }) => !passed).length;
  return (
    <p>
      <a href="#gate">{gates.length === 1 ? "1 nightly gate" : `${gates.length} nightly gates`}</a>
      {failing > 0 ? `, ${failing} failed last time` : ", all passed last time"}
    </p>
  );
}

/** @param sweep the id of the sweep whose runs are shown; undefined: sweeps, and runs that belong to none */
export function RunsTable({ store, sweep }: { readonly store: LiveStore; readonly sweep?: string }) {
  const [sort, setSort] = useState<Sort>({ column: "started", isDown: true });
  const [text, setText] = useState("");
  const [status, setStatus] = useState("");
  const [most, setMost] = useState(WINDOW);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(readHidden);
  const [showsHidden, setShowsHidden] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState("");
  const filter = useRef<HTMLInputElement>(null);
  const shown = useRows(store, { text, status, sort, hidden, showsHidden, sweep });
  const { rows, columns, hiddenCount } = shown;

  const sortBy = (column: string, turns = true): void =>
    setSort({ column, isDown: turns && sort.column === column ? !sort.isDown : column === "started" });
  const hide = (row: Row): void => {
    const next = toggled(hidden, row.id);
    setHidden(next);
    writeHidden(next);
    setSaid(next.has(row.id) ? `${row.name} is hidden` : `${row.name} is shown`);
  };
  const stop = async (row: Row): Promise<void> => {
    const what = isSweep(row) ? "this sweep and all its runs" : "this run";
    if (!confirm(`Stop ${what}? What was trained is saved, and can be continued.`)) return;
    const refusal = await order(`/api/${isSweep(row) ? "sweeps" : "runs"}/${row.id}/stop`);
    setSaid(refusal === undefined ? `asked ${row.name} to stop` : `${row.name} was not asked: ${refusal}`);
  };
  // Right under its heading a sweep's name is not said again.
  const prefix = sweep === undefined ? "" : `${store.sweeps.get(sweep)?.name ?? ""}/`;
  const chosen = [...selected].filter((id) => store.runs.has(id));

  return (
    <section>
      {sweep === undefined && (
        <>
          <h2 tabIndex={-1}>Runs and sweeps</h2>
          <Gates store={store} />
        </>
      )}
      <div class="controls">
        <label>
          filter{" "}
          <input
            type="search"
            id="filter"
            ref={filter}
            autocomplete="off"
            placeholder="lr<1e-3 verdict:collapse"
            title={FILTER_HINT}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label>
          status{" "}
          <select id="status" value={status} onChange={({ currentTarget }) => setStatus(currentTarget.value)}>
            <option value="">all</option>
            {STATUSES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label class="narrow">
          order{" "}
          <select
            id="order"
            value={sort.column}
            onChange={({ currentTarget }) => sortBy(currentTarget.value, false)}
          >
            {columns.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {hiddenCount > 0 && (
          <label>
            <input
              type="checkbox"
              checked={showsHidden}
              onChange={({ currentTarget }) => setShowsHidden(currentTarget.checked)}
            />{" "}
            show {hiddenCount} hidden
          </label>
        )}
        {chosen.length > 0 && (
          <span>
            {chosen.length > MOST_COMPARED ? (
              <>at most {MOST_COMPARED} runs can be compared</>
            ) : (
              <a href={`#compare=${chosen.join(",")}`}>
                {chosen.length === 1 ? "compare 1 run" : `compare ${chosen.length} runs`}
              </a>
            )}{" "}
            <button type="button" class="small" onClick={() => setSelected(new Set())}>
              select none
            </button>
          </span>
        )}
      </div>
      <p class="muted" role="status" id="summary">
        {toSummary(store, shown, most)}
        {said !== "" && `; ${said}`}
      </p>
      <Scroll kind="runs" label="runs">
        <table hidden={rows.length === 0}>
          <thead>
            <Heads columns={columns} sort={sort} onSort={sortBy} />
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <RunLine
                key={row.id}
                row={row}
                prefix={prefix}
                columns={columns}
                isSelected={selected.has(row.id)}
                isHidden={hidden.has(row.id)}
                canStop={!store.isReadOnly}
                onSelect={() => setSelected(toggled(selected, row.id))}
                onHide={hide}
                onStop={stop}
              />
            ))}
          </tbody>
        </table>
      </Scroll>
      {rows.length > most && (
        <button type="button" onClick={() => setMost(most + WINDOW)}>
          show more
        </button>
      )}
    </section>
  );
}
