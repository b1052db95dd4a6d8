/** Data on a line: curves of the densities p and q and of D and the best D, in place of the plane. */
import { pushToLength } from "../../../../plane/drawing/plane-drawing.js";
import type { Picture, PlanePlace } from "./draw-plane.ts";
import { logitToProbability } from "./frame-facts.ts";
import { rangeToTicks } from "./view.ts";

const BINS = 40;

/** Shares of the numbers in equal parts of the line. */
export function valuesToShares(
  values: ArrayLike<number>,
  low: number,
  high: number,
  bins = BINS,
): Float64Array {
  const shares = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor(((values[i] - low) / (high - low)) * bins);
    if (bin >= 0 && bin < bins) shares[bin] += 1 / values.length;
  }
  return shares;
}

/** Room below the line for samples and numbers. */
const FOOT = 30;
const HEAD = 20;

type Canvas = Pick<PlanePlace, "context" | "palette"> & { readonly width: number; readonly height: number };

interface Curve {
  /** Shares of the height. */
  readonly heights: ArrayLike<number>;
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly isFilled?: true;
}

function drawCurve(
  { context, width, height }: Canvas,
  { heights, colour, dash = [], isFilled }: Curve,
): void {
  context.beginPath();
  for (let i = 0; i < heights.length; i++)
    context.lineTo(((i + 0.5) / heights.length) * width, height - FOOT - heights[i] * (height - FOOT - HEAD));
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
  if (!isFilled) return;
  context.lineTo(width, height - FOOT);
  context.lineTo(0, height - FOOT);
  context.fillStyle = colour;
  context.globalAlpha = 0.15;
  context.fill();
  context.globalAlpha = 1;
}

/** The line itself, and the height of D = 1/2. */
function drawAxis(
  { context, palette, width, height }: Canvas,
  toX: (value: number) => number,
  ticks: number[],
): void {
  const half = height - FOOT - (height - FOOT - HEAD) / 2;
  context.strokeStyle = palette.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, height - FOOT);
  context.lineTo(width, height - FOOT);
  context.stroke();
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(0, half);
  context.lineTo(width, half);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = palette.text;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "bottom";
  context.textAlign = "left";
  context.fillText("D = 0.5", 4, half - 2);
  context.textAlign = "center";
  for (const value of ticks) context.fillText(String(value), toX(value), height - 1);
}

/** Samples as ticks below the line, each with its push. */
function drawSamples(
  { context, palette, width, height }: Canvas,
  { frames: { now }, layers }: Picture,
  toX: (value: number) => number,
): void {
  context.strokeStyle = palette.accent;
  context.fillStyle = palette.generated;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < now.samples.length; i++) {
    const x = toX(now.samples[i]);
    const y = height - FOOT + 3 + (i % 12);
    if (layers.includes("fake")) context.fillRect(x - 1, y, 2, 3);
    if (!layers.includes("arrows")) continue;
    context.moveTo(x, y + 1.5);
    context.lineTo(x + Math.sign(now.pushes[i]) * pushToLength(Math.abs(now.pushes[i])) * width, y + 1.5);
  }
  context.stroke();
}

export function drawCurves(canvas: Canvas, picture: Picture, [low, high]: readonly [number, number]): void {
  const { context, palette, width, height } = canvas;
  const { frames, real, layers } = picture;
  const { now } = frames;
  const toX = (value: number): number => ((value - low) / (high - low)) * width;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  const p = picture.masses ?? valuesToShares(real, low, high);
  const q = now.density.length > 0 ? now.density : valuesToShares(now.samples, low, high);
  // Both as densities, on the scale of the data's.
  const most = p.length * Math.max(1e-9, ...p);
  const toHeights = (shares: ArrayLike<number>): number[] =>
    Array.from({ length: shares.length }, (_, i) => Math.min(1.05, (shares[i] * shares.length) / most));
  const { series } = palette;
  const curves: (Curve | false)[] = [
    layers.includes("real") && { heights: toHeights(p), colour: palette.real, isFilled: true },
    (layers.includes("fake") || layers.includes("density")) && {
      heights: toHeights(q),
      colour: palette.generated,
      isFilled: true,
    },
    layers.includes("heat") && {
      heights: now.heat.map(logitToProbability),
      colour: series[2],
      dash: [6, 3],
    },
    now.optimum.length > 0 && {
      heights: now.optimum.map(logitToProbability),
      colour: series[3],
      dash: [2, 3],
    },
  ];
  for (const curve of curves) if (curve) drawCurve(canvas, curve);
  drawSamples(canvas, picture, toX);
  drawAxis(canvas, toX, rangeToTicks(low, high, 6));
}
