/** Scores of the generated distribution, and what a perfect generator would read. */
import { numberToText } from "../../../../reports/charts/chart-runtime.js";
import { readingToHelp, readingToLabel } from "../controls/labels.ts";
import type { Pane } from "../state/lab-state.ts";

const SIDES = ["left", "right"];

export function ReadingsPanel({ panes }: { readonly panes: readonly Pane[] }) {
  const names = [...new Set(panes.flatMap(({ judged }) => Object.keys(judged?.readings ?? {})))];
  return (
    <section class="readings box" data-part="readings" aria-labelledby="readings-title">
      <h3 id="readings-title">Readings</h3>
      {names.length === 0 ? (
        <p class="caption">Scores appear once there is something to score.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">score</th>
              {panes.map((_, i) => (
                <th key={i} scope="col">
                  {panes.length === 1 ? "now" : SIDES[i]}
                </th>
              ))}
              <th scope="col">a perfect generator reads</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const floor = panes
                .map(({ judged }) => judged?.readings[name]?.floor)
                .find((value) => value !== undefined);
              return (
                <tr key={name} data-part={`reading-${name}`} title={readingToHelp(name)}>
                  <th scope="row">{readingToLabel(name)}</th>
                  {panes.map(({ judged }, i) => (
                    <td key={i}>{judged?.readings[name] ? numberToText(judged.readings[name].value) : ""}</td>
                  ))}
                  <td class="muted">{floor === undefined ? "" : numberToText(floor)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
