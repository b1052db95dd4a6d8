/** All charts of a page, those that are pinned first. */
import type { LiveChart } from "../../../protocol/charts.ts";
import type { ChartSettings } from "../address.ts";
import type { LiveStore } from "../live-store.ts";
import type { SetSettings } from "../runs-part.tsx";
import { ChartControls } from "./chart-controls.tsx";
import { atToText, ChartFigure } from "./chart-figure.tsx";

const toggled = (list: readonly string[], id: string): string[] =>
  list.includes(id) ? list.filter((each) => each !== id) : [...list, id];

function pinnedFirst(charts: readonly LiveChart[], pinned: readonly string[]): LiveChart[] {
  const isPinned = ({ id }: LiveChart): boolean => pinned.includes(id);
  return [...charts.filter(isPinned), ...charts.filter((chart) => !isPinned(chart))];
}

export function LiveCharts({
  store,
  settings,
  set,
  nearestSample,
  onChoose,
  labelsLines,
}: {
  readonly store: LiveStore;
  readonly settings: ChartSettings;
  readonly set: SetSettings;
  /** The round of the grid that is nearest to a round. */
  readonly nearestSample?: (round: number) => number | undefined;
  /** A round was chosen in a chart. */
  readonly onChoose?: (round: number) => void;
  readonly labelsLines?: boolean;
}) {
  const { charts, info, values } = store;
  if (info === undefined || charts.length === 0) return null;
  const { log, pinned } = settings;
  const window = info.along === settings.along && settings.window ? settings.window : info.extent;
  const sample = values && nearestSample?.(values.round);
  return (
    <section aria-label="charts">
      <ChartControls settings={settings} info={info} set={set} />
      <p class="readout muted" id="readout">
        {values === undefined
          ? "Point at a chart for its values; drag over it to zoom."
          : `${atToText(values, info.along)}${sample === undefined ? "" : `, samples of round ${sample.toLocaleString("en-US")}`}`}
      </p>
      <div class="charts">
        {pinnedFirst(charts, pinned).map((chart) => (
          <ChartFigure
            key={chart.id}
            chart={chart}
            info={info}
            window={window}
            values={values}
            isTurned={log.includes(chart.id)}
            onTurn={() => set({ log: toggled(log, chart.id) })}
            isPinned={pinned.includes(chart.id)}
            onPin={() => set({ pinned: toggled(pinned, chart.id) })}
            onPoint={(x) => store.point(x)}
            onChoose={(x) => {
              store.point(x);
              if (values) onChoose?.(values.round);
            }}
            onZoom={(next, isMoving) => set({ window: next }, isMoving ? "replaced" : "added")}
            {...(labelsLines && { labelsLines })}
          />
        ))}
      </div>
    </section>
  );
}
