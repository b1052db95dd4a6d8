/** Marks on a chart: where rows have no number, where values lie outside of the axis, and names at the ends of lines. */
import type { Chart, Plugin } from "chart.js";
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { LiveChart } from "../../../protocol/charts.ts";

/** What is drawn, by its data: a chart that is updated keeps the plugins that it was made with. */
interface Drawn {
  readonly live: LiveChart;
  readonly palette: Palette;
  readonly fontFamily: string;
}

const drawn = new WeakMap<object, Drawn>();

export const rememberDrawn = (data: object, what: Drawn): void => {
  drawn.set(data, what);
};

const isShown = (chart: Chart, label: string): boolean =>
  chart.data.datasets.some((dataset, i) => dataset.label === label && chart.isDatasetVisible(i));

/** A cross at the bottom: the line is broken there. */
export const GAP_MARKS: Plugin = {
  id: "gaps",
  afterDatasetsDraw(chart) {
    const found = drawn.get(chart.data);
    if (!found) return;
    const {
      palette,
      live: { lines },
    } = found;
    const { ctx, chartArea, scales } = chart;
    ctx.save();
    ctx.lineWidth = 1.75;
    for (const { label, colour, gaps } of lines) {
      if (!isShown(chart, label)) continue;
      ctx.strokeStyle = nameToColour(colour, palette);
      for (const gap of gaps) {
        const x = scales.x.getPixelForValue(gap);
        if (x < chartArea.left - 1 || x > chartArea.right + 1) continue;
        const y = chartArea.bottom - 6;
        ctx.beginPath();
        ctx.moveTo(x - 3, y - 3);
        ctx.lineTo(x + 3, y + 3);
        ctx.moveTo(x + 3, y - 3);
        ctx.lineTo(x - 3, y + 3);
        ctx.stroke();
      }
    }
    ctx.restore();
  },
};

type Point = readonly [x: number, y: number | null];

/** A triangle at the edge that points to where the value is. */
export const EDGE_MARKS: Plugin = {
  id: "edges",
  afterDatasetsDraw(chart) {
    const found = drawn.get(chart.data);
    if (!found) return;
    const {
      palette,
      live: { lines },
    } = found;
    const { ctx, chartArea, scales } = chart;
    const { min, max } = scales.y;
    const isLog = scales.y.type === "logarithmic";
    const draw = ([at, value]: Point): void => {
      if (value === null) return;
      const isBelow = value < min || (isLog && value <= 0);
      if (!isBelow && value <= max) return;
      const x = scales.x.getPixelForValue(at);
      if (x < chartArea.left - 1 || x > chartArea.right + 1) return;
      const [tip, base] = isBelow
        ? [chartArea.bottom, chartArea.bottom - 7]
        : [chartArea.top, chartArea.top + 7];
      ctx.beginPath();
      ctx.moveTo(x, tip);
      ctx.lineTo(x - 4, base);
      ctx.lineTo(x + 4, base);
      ctx.closePath();
      ctx.fill();
    };
    ctx.save();
    for (const { label, colour, points, raw } of lines) {
      if (!isShown(chart, label)) continue;
      ctx.fillStyle = nameToColour(colour, palette);
      for (const point of raw ?? points) draw(point);
    }
    ctx.restore();
  },
};

const LABEL_HEIGHT = 14;
const LONGEST_LABEL = 14;

/** Of a path its end, which tells runs apart. */
const labelToShort = (label: string): string => {
  const name = label.split("/").at(-1) ?? label;
  return name.length > LONGEST_LABEL ? `…${name.slice(1 - LONGEST_LABEL)}` : name;
};

/** Names at the ends of lines, moved apart where they would lie over one another. */
export const DIRECT_LABELS: Plugin = {
  id: "labels",
  afterDatasetsDraw(chart) {
    const found = drawn.get(chart.data);
    if (!found) return;
    const {
      palette,
      fontFamily,
      live: { lines },
    } = found;
    const { ctx, chartArea, scales } = chart;
    const ends = lines
      .filter(({ label }) => isShown(chart, label))
      .flatMap(({ label, colour, points }) => {
        const last = points.findLast(([x, y]) => y !== null && x <= scales.x.max);
        return last ? [{ label, colour, y: scales.y.getPixelForValue(last[1]!) }] : [];
      })
      .sort((a, b) => a.y - b.y);
    ctx.save();
    ctx.font = `11px ${fontFamily}`;
    ctx.textBaseline = "middle";
    let least = chartArea.top + 6;
    for (const [i, { label, colour, y }] of ends.entries()) {
      const most = chartArea.bottom - LABEL_HEIGHT * (ends.length - 1 - i);
      const at = Math.max(least, Math.min(most, Number.isFinite(y) ? y : most));
      ctx.fillStyle = nameToColour(colour, palette);
      ctx.fillText(labelToShort(label), chartArea.right + 6, at);
      least = at + LABEL_HEIGHT;
    }
    ctx.restore();
  },
};
