/** What is wrong with the run, as chips; each leads to the round where it was first seen. */
import type { Pane } from "../state/lab-state.ts";
import { useDirector } from "../use-plane.ts";

const SIDES = ["left: ", "right: "];

export function VerdictsPanel({ panes }: { readonly panes: readonly Pane[] }) {
  const director = useDirector();
  const all = panes.flatMap(({ judged }, pane) =>
    (judged?.verdicts ?? []).map((verdict) => ({ ...verdict, side: panes.length === 1 ? "" : SIDES[pane] })),
  );
  return (
    <section class="verdicts" data-part="verdicts" aria-labelledby="verdicts-title">
      <h3 id="verdicts-title">Verdicts</h3>
      {all.length === 0 ? (
        <p class="caption">Nothing is wrong so far, or it is too early to say.</p>
      ) : (
        <ul>
          {all.map(({ id, title, severity, summary, round, side }) => (
            <li key={`${side}${id}`}>
              <button type="button" class={`chip ${severity}`} onClick={() => director.seek(round)}>
                <span class="word">{severity === "ok" ? "fine" : severity}</span> {side}
                {title}
                <span class="muted">from round {round.toLocaleString("en-US")}</span>
              </button>
              <p class="caption">{summary}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
