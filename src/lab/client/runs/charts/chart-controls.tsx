/** What holds for all charts of a page: smoothing, the x axis, the y axis's reach, the zoom. */
import type { LiveCharts } from "../../../protocol/charts.ts";
import type { ChartSettings } from "../address.ts";
import type { SetSettings } from "../runs-part.tsx";

const HALF_LIVES = [0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const ALONG = { round: "round", seconds: "seconds trained", clock: "clock" } as const;

export function ChartControls({
  settings,
  info,
  set,
}: {
  readonly settings: ChartSettings;
  readonly info: Omit<LiveCharts, "changed" | "ids">;
  readonly set: SetSettings;
}) {
  const { smooth, along, clip, window } = settings;
  const choices = HALF_LIVES.includes(smooth) ? HALF_LIVES : [...HALF_LIVES, smooth].sort((a, b) => a - b);
  return (
    <fieldset class="controls" aria-label="all charts">
      <label>
        smoothing{" "}
        <select
          id="smooth"
          title="half-life in rounds: a row counts half as much as one that is so many rounds newer"
          value={String(smooth)}
          onChange={({ currentTarget }) => set({ smooth: Number(currentTarget.value) })}
        >
          {choices.map((choice) => (
            <option key={choice} value={String(choice)}>
              {choice === 0 ? "none" : `${choice.toLocaleString("en-US")} rounds`}
            </option>
          ))}
        </select>
      </label>
      <label>
        x axis{" "}
        <select
          id="along"
          value={info.along}
          // A window in rounds is none in seconds.
          onChange={({ currentTarget }) =>
            set({ along: currentTarget.value as ChartSettings["along"], window: undefined })
          }
        >
          {info.alongs.map((each) => (
            <option key={each} value={each}>
              {ALONG[each]}
            </option>
          ))}
        </select>
      </label>
      <label title="the y axis leaves out the outermost hundredth of the values on either side, and marks them">
        <input
          type="checkbox"
          id="clip"
          checked={clip}
          onChange={({ currentTarget }) => set({ clip: currentTarget.checked })}
        />{" "}
        leave out extremes
      </label>
      {along !== undefined && window && (
        <button type="button" onClick={() => set({ window: undefined }, "added")}>
          show all rounds
        </button>
      )}
    </fieldset>
  );
}
