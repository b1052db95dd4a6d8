/** One plane or two, each with what it differs in. */

import { LogitHistogram } from "../canvas/logit-histogram.tsx";
import { PlaneCanvas } from "../canvas/plane-canvas.tsx";
import { flagToLabel } from "../controls/labels.ts";
import type { LabState } from "../state/lab-state.ts";
import { settingsToDifferences, valueToText } from "../state/options.ts";
import type { PlaneState } from "../state/store.ts";

const SIDES = ["Left", "Right"];

export function PanesView({ lab, drawn }: { readonly lab: LabState; readonly drawn: PlaneState["drawn"] }) {
  const { panes } = lab;
  const differing = settingsToDifferences(panes.map(({ facts }) => facts.settings));
  const isPair = panes.length > 1;
  return (
    <div class="panes">
      {panes.map(({ facts, state }, pane) => {
        const outside = drawn[pane]?.outside ?? 0;
        const own = facts.settings.filter(({ flag }) => differing.has(flag));
        return (
          <figure key={pane === 0 ? "left" : "right"} class="pane">
            {isPair && (
              <figcaption>
                {SIDES[pane]}:{" "}
                {own.length === 0 ? (
                  "the same settings"
                ) : (
                  <strong>
                    {own.map(({ flag, value }) => `${flagToLabel(flag)} ${valueToText(value)}`).join(", ")}
                  </strong>
                )}
                {state && ` · round ${state.round.toLocaleString("en-US")}`}
              </figcaption>
            )}
            <PlaneCanvas pane={pane} facts={facts} />
            <p class="muted outside" data-part="outside">
              {outside === 0
                ? "No generated sample lies outside."
                : `${outside} generated samples lie outside of the plane.`}
            </p>
            {isPair && <LogitHistogram pane={pane} />}
          </figure>
        );
      })}
    </div>
  );
}
