/** Histories of nightly checks: the list of them, or one. */

import { useMemo } from "preact/hooks";
import type { GateView } from "../../../view/gate-view.ts";
import { ReportChart } from "../charts/report-chart.tsx";
import type { LiveStore } from "../live-store.ts";
import { Scroll } from "../parts/scroll.tsx";
import { useAnswer } from "../parts/use-answer.ts";
import { countToText, timeToText, toTime } from "../parts/values.ts";
import { gateToCharts } from "./gate-charts.ts";

const NO_HISTORY =
  "No history of a check is in the lab's folders. `gan-eval check --history FILE.jsonl` writes one; put it there, or give it to `gan-eval lab FILE.jsonl`.";

function Gates({ store: { gates, isKnown } }: { readonly store: LiveStore }) {
  return (
    <section>
      <h2 tabIndex={-1}>Nightly gates</h2>
      {gates.length === 0 ? (
        <p class="muted">{isKnown ? NO_HISTORY : "reading the folders"}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">history</th>
              <th scope="col">last night</th>
              <th scope="col">nights</th>
              <th scope="col">failed</th>
            </tr>
          </thead>
          <tbody>
            {gates.map(({ id, name, nights, failed, passed, when }) => (
              <tr key={id}>
                <th scope="row">
                  <a href={`#gate=${id}`}>{name}</a>
                </th>
                <td class={passed ? "ok" : "failure"}>
                  {passed ? "passed" : "failed"}, {timeToText(toTime(when))}
                </td>
                <td>{countToText(nights)}</td>
                <td>{countToText(failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const nightToReason = ({ passed, missed, hasRules }: GateView["nights"][number]): string =>
  missed.length > 0 ? missed.join("; ") : !passed && !hasRules ? "not kept by this version" : "";

const Nights = ({ nights }: Pick<GateView, "nights">) => (
  <Scroll label="nights">
    <table class="nights">
      <thead>
        <tr>
          <th scope="col">night</th>
          <th scope="col">gate</th>
          <th scope="col">rules that were missed</th>
        </tr>
      </thead>
      <tbody>
        {[...nights].reverse().map((night) => (
          <tr key={night.when}>
            <td>{timeToText(toTime(night.when))}</td>
            <td class={night.passed ? "ok" : "failure"}>{night.passed ? "passed" : "failed"}</td>
            <td>{nightToReason(night)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);

function Gate({ store, id }: { readonly store: LiveStore; readonly id: string }) {
  const gate = store.gates.find((each) => each.id === id);
  const { value, refusal } = useAnswer<GateView>(gate && `/api/gates/${id}`, JSON.stringify(gate));
  const charts = useMemo(() => (value ? gateToCharts(value) : []), [value]);
  return (
    <section>
      <p>
        <a href="#runs">all runs and sweeps</a>, <a href="#gate">all gates</a>
      </p>
      <h2 tabIndex={-1}>Gate {gate?.name ?? ""}</h2>
      {store.isKnown && gate === undefined && <p class="muted">This history is gone.</p>}
      {gate && (
        <p>
          {countToText(gate.nights)} nights, {countToText(gate.failed)} failed; the last one{" "}
          <span class={gate.passed ? "ok" : "failure"}>{gate.passed ? "passed" : "failed"}</span>.
        </p>
      )}
      {refusal && <p class="muted">{refusal}</p>}
      {value && (
        <>
          {value.warnings.map((text) => (
            <p key={text} class="muted">
              {text}
            </p>
          ))}
          <div class="charts">
            {charts.map((chart) => (
              <ReportChart key={chart.id} chart={chart} />
            ))}
          </div>
          <h3>Nights</h3>
          <Nights nights={value.nights} />
        </>
      )}
    </section>
  );
}

export const GatePage = ({ store, id }: { readonly store: LiveStore; readonly id?: string }) =>
  id === undefined ? <Gates store={store} /> : <Gate store={store} id={id} />;
