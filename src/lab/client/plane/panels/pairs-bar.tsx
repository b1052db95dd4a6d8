/** One pane or two: ready pairs by name, and whether the draws are the same in both. */
import type { LabState } from "../state/lab-state.ts";
import type { Wish } from "../state/wish.ts";
import { useDirector } from "../use-plane.ts";
import { READY_PAIRS, readyToPanes } from "./ready-pairs.ts";

export function PairsBar({ lab, wish }: { readonly lab: LabState; readonly wish: Wish }) {
  const director = useDirector();
  const isPair = wish.panes.length > 1;
  const open = (name: string): void => {
    const [first] = wish.panes;
    if (name === "") director.panes([first]);
    else if (name === "same") director.panes([first, {}]);
    else director.panes(readyToPanes(READY_PAIRS[name], first));
  };
  return (
    <div class="pairs" data-part="pairs">
      <label>
        Side by side{" "}
        <select value={isPair ? "now" : ""} onChange={({ currentTarget }) => open(currentTarget.value)}>
          <option value="">one pane</option>
          {isPair && <option value="now">two panes</option>}
          <option value="same">two panes of these settings</option>
          {Object.entries(READY_PAIRS).map(([name, { title }]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {isPair && lab.panes.length > 1 && (
        <span data-part="pairing" class={lab.isPaired ? "muted" : "warned"}>
          {lab.isPaired
            ? "paired: the same real samples and latents, draw by draw"
            : `not paired: ${lab.notPaired ?? "they draw different amounts"}`}
        </span>
      )}
    </div>
  );
}
