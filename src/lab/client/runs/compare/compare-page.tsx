/** Several runs laid over one another. */

import type { ChartSettings } from "../address.ts";
import { LiveCharts } from "../charts/live-charts.tsx";
import type { LiveStore } from "../live-store.ts";
import { Scroll } from "../parts/scroll.tsx";
import type { SetSettings } from "../runs-part.tsx";
import { COLUMNS, rowsToMoreColumns } from "../table/run-columns.ts";

const SHOWN = COLUMNS.filter(({ id }) => !["left", "started"].includes(id));

export function ComparePage({
  store,
  ids,
  settings,
  set,
}: {
  readonly store: LiveStore;
  readonly ids: readonly string[];
  readonly settings: ChartSettings;
  readonly set: SetSettings;
}) {
  const runs = ids.flatMap((id) => store.runs.get(id) ?? []);
  const missing = store.isKnown ? ids.length - runs.length : 0;
  const columns = [...SHOWN, ...rowsToMoreColumns(runs)];
  return (
    <section>
      <p>
        <a href="#runs">all runs and sweeps</a>
      </p>
      <h2 tabIndex={-1}>{ids.length === 1 ? "1 run" : `${ids.length} runs over one another`}</h2>
      {missing > 0 && <p class="muted">The folders of {missing} of them are gone.</p>}
      <Scroll kind="wide" label="runs that are compared">
        <table class="compared">
          <thead>
            <tr>
              {columns.map(({ id, title }) => (
                <th key={id} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                {columns.map(({ id, toText }) =>
                  id === "name" ? (
                    <th key={id} scope="row">
                      <a href={`#run=${run.id}`}>{run.name}</a>
                    </th>
                  ) : (
                    <td key={id}>{toText(run)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="muted" role="status">
        {store.remark || (store.info === undefined ? "reading the runs" : "")}
      </p>
      <LiveCharts store={store} settings={settings} set={set} labelsLines />
    </section>
  );
}
