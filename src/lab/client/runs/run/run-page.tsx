/** The page of one run. */
import { useState } from "preact/hooks";
import type { RunEntry } from "../../../index/run-entry.ts";
import type { ChartSettings } from "../address.ts";
import { LiveCharts } from "../charts/live-charts.tsx";
import type { LiveStore } from "../live-store.ts";
import { countToText } from "../parts/values.ts";
import type { SetSettings } from "../runs-part.tsx";
import { COLUMNS } from "../table/run-columns.ts";
import { Differences } from "./differences.tsx";
import { Notes } from "./notes.tsx";
import { RunActions } from "./run-actions.tsx";
import { Samples } from "./samples.tsx";
import { Timeline, Verdicts } from "./verdicts.tsx";

const SHOWN = COLUMNS.filter(({ id }) => id !== "name" && id !== "verdict");

function Facts({ of }: { readonly of: readonly (readonly [name: string, text: string])[] }) {
  return (
    <dl>
      {of.map(([name, text]) => (
        <>
          <dt>{name}</dt>
          <dd>
            <bdi>{text}</bdi>
          </dd>
        </>
      ))}
    </dl>
  );
}

const runToFacts = (run: RunEntry): (readonly [string, string])[] =>
  [
    ["model", run.model] as const,
    ["data", run.data] as const,
    ...SHOWN.map(({ title, toText }) => [title, toText(run)] as const),
    ["ended by", run.failure ?? ""] as const,
  ].filter(([, text]) => text !== "");

/** The round of the grid that is nearest to a round. */
const toNearest = (rounds: readonly number[], round: number): number | undefined =>
  rounds.reduce<number | undefined>(
    (best, each) => (best === undefined || Math.abs(each - round) < Math.abs(best - round) ? each : best),
    undefined,
  );

export function RunPage({
  store,
  id,
  settings,
  set,
}: {
  readonly store: LiveStore;
  readonly id: string;
  readonly settings: ChartSettings;
  readonly set: SetSettings;
}) {
  const [chosen, setChosen] = useState<number>();
  const run = store.runs.get(id);
  const { view } = store;
  const gone = store.isKnown && run === undefined ? "The folder of this run is gone." : "";
  const nearest = (round: number): number | undefined => toNearest(view?.samples ?? [], round);
  /** Shows a round: the charts' line, and the grid that is nearest. */
  const showRound = (round: number): void => {
    if (settings.along === "round") store.point(round);
    const grid = nearest(round);
    setChosen(grid === view?.samples.at(-1) ? undefined : grid);
  };
  return (
    <section>
      <p>
        <a href="#runs">all runs and sweeps</a>
        {run?.sweep && (
          <>
            {", "}
            <a href={`#sweep=${run.sweep}`}>its sweep</a>
          </>
        )}
      </p>
      <h2 tabIndex={-1}>{run?.name ?? "Run"}</h2>
      {run && <Facts of={runToFacts(run)} />}
      {run && !store.isReadOnly && <RunActions run={run} />}
      <p class="muted" role="status">
        {gone ||
          store.remark ||
          (view === undefined
            ? "reading the run"
            : store.info && store.charts.length === 0
              ? "Nothing is recorded yet."
              : "")}
      </p>
      {view && (
        <>
          <Verdicts verdicts={view.verdicts} />
          <Samples
            run={id}
            rounds={view.samples}
            chosen={chosen}
            columns={view.columns}
            areDrawings={view.areDrawings}
            onChoose={(round) => {
              setChosen(round);
              const shown = round ?? view.samples.at(-1);
              if (shown !== undefined && settings.along === "round") store.point(shown);
            }}
          />
          <LiveCharts
            store={store}
            settings={settings}
            set={set}
            nearestSample={nearest}
            onChoose={(round) => {
              const grid = nearest(round);
              setChosen(grid === view.samples.at(-1) ? undefined : grid);
            }}
          />
          <Timeline view={view} onChoose={showRound} />
          {view.events.length > 0 && (
            <>
              <h3>Events</h3>
              <ul class="events">
                {view.events.map(({ round, kind, message }, i) => (
                  <li key={`${round} ${kind} ${i}`}>
                    <b>
                      round {countToText(round)}, {kind}
                    </b>{" "}
                    {message}
                  </li>
                ))}
              </ul>
            </>
          )}
          {view.warnings.length > 0 && (
            <>
              <h3>Warnings</h3>
              <ul>
                {view.warnings.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </>
          )}
          <Notes run={id} isReadOnly={store.isReadOnly} />
          <h3>Command</h3>
          <pre>
            <code>{view.command}</code>
          </pre>
          <Differences store={store} id={id} />
          <details>
            <summary>Options</summary>
            <Facts of={view.options} />
          </details>
        </>
      )}
    </section>
  );
}
