/** Branches of the session: what was changed where, and how each did. */
import { numberToText } from "../../../../reports/charts/chart-runtime.js";
import type { Readings } from "../../../protocol/plane-messages.ts";
import { readingToLabel } from "../controls/labels.ts";
import type { LabState } from "../state/lab-state.ts";
import { useDirector } from "../use-plane.ts";

/** The first of these that there is. */
const SCORES = ["js", "sliced_wasserstein"];

function readingsToScore(readings: Readings | undefined): string {
  const name = SCORES.find((each) => readings?.[each] !== undefined);
  return name === undefined ? "" : `${readingToLabel(name)} ${numberToText(readings![name].value)}, `;
}

export function Branches({ lab }: { readonly lab: LabState }) {
  const director = useDirector();
  const { branches } = lab;
  if (branches.length < 2) return null;
  return (
    <section class="box branches" data-part="branches" aria-labelledby="branches-title">
      <h3 id="branches-title">Branches</h3>
      <ul>
        {branches.map(({ id, fork, newest, change }) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={id === lab.branch}
              onClick={() => id !== lab.branch && director.branch(id)}
            >
              {change === "" ? "the beginning" : change}
            </button>
            <span class="muted">
              {readingsToScore(lab.scores[id])}rounds {fork.toLocaleString("en-US")} to{" "}
              {newest.toLocaleString("en-US")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
