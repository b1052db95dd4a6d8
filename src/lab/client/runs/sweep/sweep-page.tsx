/** The page of a sweep: its scores against the learning rate, what is best and what failed, and its runs. */

import { useState } from "preact/hooks";
import type { SweepView } from "../../../view/sweep-view.ts";
import { order } from "../../socket.ts";
import { ReportChart } from "../charts/report-chart.tsx";
import type { LiveStore } from "../live-store.ts";
import { PlainTable } from "../parts/scroll.tsx";
import { useAnswer } from "../parts/use-answer.ts";
import { countToText, secondsToText } from "../parts/values.ts";
import { sweepToText } from "../table/run-columns.ts";
import { RunsTable } from "../table/runs-table.tsx";

/** What changes the charts: runs that end, and scores that come. */
const toStamp = (store: LiveStore, id: string): string => {
  const own = [...store.runs.values()].filter((run) => run.sweep === id);
  return own.map(({ id: run, status, best }) => `${run} ${status} ${best?.value}`).join();
};

/** Of runs at work: as long as the slowest of them takes. */
function toTimeLeft(store: LiveStore, id: string): number | undefined {
  const left = [...store.runs.values()].flatMap((run) =>
    run.sweep === id && run.secondsLeft !== undefined ? [run.secondsLeft] : [],
  );
  return left.length === 0 ? undefined : Math.max(...left);
}

function Stop({ id }: { readonly id: string }) {
  const [said, setSaid] = useState("");
  const stop = async (): Promise<void> => {
    if (!confirm("Stop this sweep and all its runs? They save; the same command continues it.")) return;
    const refusal = await order(`/api/sweeps/${id}/stop`);
    setSaid(refusal === undefined ? "asked to stop" : `not asked: ${refusal}`);
  };
  return (
    <p>
      <button type="button" onClick={stop}>
        stop the sweep
      </button>{" "}
      <span class="muted" role="status">
        {said}
      </span>
    </p>
  );
}

function Groups({ groups: { heads, rows } }: Pick<SweepView, "groups">) {
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>Scores by options</summary>
      <PlainTable label="scores by options" heads={heads} rows={rows} />
    </details>
  );
}

export function SweepPage({ store, id }: { readonly store: LiveStore; readonly id: string }) {
  const sweep = store.sweeps.get(id);
  const { value, refusal } = useAnswer<SweepView>(
    sweep === undefined ? undefined : `/api/sweeps/${id}`,
    toStamp(store, id),
  );
  const left = toTimeLeft(store, id);
  return (
    <section>
      <p>
        <a href="#runs">all runs and sweeps</a>
      </p>
      <h2 tabIndex={-1}>Sweep {sweep?.name ?? ""}</h2>
      {store.isKnown && sweep === undefined && <p class="muted">The folder of this sweep is gone.</p>}
      {sweep && (
        <dl>
          <dt>runs</dt>
          <dd>{sweepToText(sweep)}</dd>
          <dt>rounds</dt>
          <dd>
            {countToText(sweep.round)} of {countToText(sweep.rounds)} of the runs that were begun
          </dd>
          {left !== undefined && (
            <>
              <dt>time left</dt>
              <dd>{secondsToText(left)} of the runs at work</dd>
            </>
          )}
          {value?.best && (
            <>
              <dt>best so far</dt>
              <dd>
                {value.best.text}, {value.best.name}
              </dd>
            </>
          )}
        </dl>
      )}
      {!store.isReadOnly && (sweep?.counts.running ?? 0) > 0 && <Stop id={id} />}
      {(value?.remark ?? refusal) && <p class="muted">{value?.remark ?? refusal}</p>}
      {value && value.charts.length > 0 && (
        <div class="charts">
          {value.charts.map((chart) => (
            <ReportChart key={chart.id} chart={chart} />
          ))}
        </div>
      )}
      {value && value.failed.length > 0 && (
        <>
          <h3>Failed runs</h3>
          <ul>
            {value.failed.map(({ name, status, reason }) => (
              <li key={name}>
                <b>
                  {name}, {status}
                </b>{" "}
                {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      {value && <Groups groups={value.groups} />}
      <h3>Runs</h3>
      <RunsTable store={store} sweep={id} />
    </section>
  );
}
