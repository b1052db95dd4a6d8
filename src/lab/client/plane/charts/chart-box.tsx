/** A chart that grows; where training is paused, pointing at a round shows its plane. */
import type { Chart as ChartJs } from "chart.js";
import { useEffect, useRef } from "preact/hooks";
import { chartToConfiguration } from "../../../../reports/charts/chart-runtime.js";
import { currentPalette, onScheme } from "../canvas/theme.ts";
import { memo } from "../memo.ts";
import type { PlaneChart } from "./plane-charts.ts";

declare const Chart: typeof ChartJs;

export interface ChartBoxProps {
  readonly chart: PlaneChart;
  /** Milliseconds: charts are drawn one after the other, so that none holds up the plane for long. */
  readonly delay: number;
  /** Pointing at a round while nothing plays; undefined when the pointer leaves. */
  readonly look: (round: number | undefined) => void;
  /** A round that was pressed or dragged to. */
  readonly seek: (round: number) => void;
}

const configure = ({ config }: PlaneChart) =>
  chartToConfiguration(config, currentPalette(), {
    responsive: true,
    fontSize: 11,
    fontFamily: getComputedStyle(document.body).fontFamily,
  });

function Box({ chart, delay, look, seek }: ChartBoxProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<ChartJs | undefined>(undefined);
  const newest = useRef(chart);
  newest.current = chart;
  useEffect(() => {
    const draw = () => {
      drawing.current?.destroy();
      drawing.current = new Chart(canvas.current!, configure(newest.current));
    };
    draw();
    const away = onScheme(draw);
    return () => {
      away();
      drawing.current?.destroy();
    };
  }, []);
  useEffect(() => {
    const update = () => {
      const open = drawing.current;
      if (!open) return;
      const { data, options } = configure(chart);
      const old = open.data.datasets;
      // The same objects, so that a line that was switched off stays off.
      if (old.length === data.datasets.length)
        for (const [i, dataset] of data.datasets.entries()) Object.assign(old[i], dataset);
      else open.data = data;
      open.options = options!;
      open.update("none");
    };
    const timer = setTimeout(update, delay);
    return () => clearTimeout(timer);
  }, [chart, delay]);
  const toRound = ({ offsetX }: PointerEvent): number | undefined => {
    const scale = drawing.current?.scales.x;
    if (!scale) return undefined;
    const round = Math.round(scale.getValueForPixel(offsetX) ?? 0);
    return Math.max(0, Math.min(scale.max, round));
  };
  const drag = (event: PointerEvent): void => {
    const round = toRound(event);
    if (round === undefined) return;
    event.buttons === 1 ? seek(round) : look(round);
  };
  const id = `chart-${chart.id}`;
  return (
    <figure class="chart" data-part={id}>
      <h3 id={id}>{chart.title}</h3>
      <div class="drawing" hidden={chart.isEmpty}>
        <canvas
          ref={canvas}
          role="img"
          aria-labelledby={id}
          aria-describedby={`${id}-caption`}
          onPointerMove={drag}
          onPointerDown={drag}
          onPointerLeave={() => look(undefined)}
        />
      </div>
      <p class="caption" id={`${id}-caption`}>
        {chart.caption}
      </p>
    </figure>
  );
}

export const ChartBox = memo(Box);
