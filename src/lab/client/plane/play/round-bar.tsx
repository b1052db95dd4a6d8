/** All rounds of the branch on one bar: drag to see any of them; marks are changes of settings. */
import type { LabState } from "../state/lab-state.ts";
import { useDirector } from "../use-plane.ts";

const count = (value: number): string => value.toLocaleString("en-US");

export interface RoundBarProps {
  readonly lab: LabState;
  /** A round that it is on its way to. */
  readonly goal: number | undefined;
}

export function RoundBar({ lab, goal }: RoundBarProps) {
  const director = useDirector();
  const round = lab.panes[0]?.state?.round ?? 0;
  const most = Math.max(1, lab.newest, round);
  const journal = lab.panes[0]?.facts.journal ?? [];
  const stopped = lab.panes.map(({ state }) => state?.diverged).find((why) => why !== undefined);
  return (
    <div class="rounds" data-part="rounds">
      <label for="round">
        Round <strong data-value="round">{count(round)}</strong>
        {goal !== undefined && goal > round && <span class="muted"> on the way to {count(goal)}</span>}
        {goal === undefined && lab.newest > round && <span class="muted"> of {count(lab.newest)}</span>}
      </label>
      <span class="track">
        <input
          id="round"
          type="range"
          min={0}
          max={most}
          value={round}
          aria-valuetext={`round ${round} of ${most}`}
          onInput={({ currentTarget }) => director.seek(Number(currentTarget.value))}
        />
        <span class="marks" aria-hidden="true">
          {journal.map((entry, i) => (
            <span
              key={`${entry.round}-${i}`}
              title={`round ${entry.round}: ${entry.change}`}
              style={{ left: `${(100 * Math.min(entry.round, most)) / most}%` }}
            />
          ))}
        </span>
      </span>
      <button
        type="button"
        data-part="undo"
        aria-keyshortcuts="U"
        disabled={!lab.canUndo}
        onClick={() => director.undo()}
      >
        Undo
      </button>
      {stopped && (
        <p class="stopped" role="alert">
          Training stopped here: {stopped}
        </p>
      )}
    </div>
  );
}
