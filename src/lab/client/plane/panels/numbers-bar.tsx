/** Losses and outputs of D in the round that is shown, in digits. */
import { numberToText } from "../../../../reports/charts/chart-runtime.js";
import type { Pane } from "../state/lab-state.ts";

const NUMBERS = {
  discriminator_loss: "loss of D",
  generator_loss: "loss of G",
  real_score: "D(x)",
  fake_score: "D(G(z))",
} as const;

const SIDES = ["left: ", "right: "];

export function NumbersBar({ panes }: { readonly panes: readonly Pane[] }) {
  return (
    <div data-part="numbers">
      {panes.map(({ state }, pane) => (
        <div key={SIDES[pane]} class="numbers">
          {Object.entries(NUMBERS).map(([name, label]) => {
            const value = state?.scalars[name];
            return (
              <span key={name}>
                {panes.length > 1 ? SIDES[pane] : ""}
                {label}{" "}
                <b data-value={name}>
                  {typeof value === "number" && Number.isFinite(value) ? numberToText(value) : "–"}
                </b>
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}
