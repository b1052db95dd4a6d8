/** Data on a line: curves of the densities p and q and of D and the best D, in place of the plane. */
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import { pushToPixels } from "./arrow-scale.ts";
import type { Picture } from "./draw-plane.ts";
import { logitToProbability } from "./frame-facts.ts";
import { rangeToTicks, toX, type View } from "./view.ts";

const BINS = 60;

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

type Context = CanvasRenderingContext2D;

/** @param heights shares of the height, from the bottom */
function drawCurve(
  context: Context,
  heights: ArrayLike<number>,
  colour: string,
  dash: readonly number[],
  isFilled: boolean,
  { width, height }: View,
): void {
  context.beginPath();
  for (let i = 0; i < heights.length; i++) {
    const x = ((i + 0.5) / heights.length) * width;
    context.lineTo(x, height - 30 - heights[i] * (height - 50));
  }
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
  if (!isFilled) return;
  context.lineTo(width, height - 30);
  context.lineTo(0, height - 30);
  context.fillStyle = colour;
  context.globalAlpha = 0.15;
  context.fill();
  context.globalAlpha = 1;
}

export function drawCurves(context: Context, picture: Picture, palette: Palette, view: View): void {
  const { frames, real, layers } = picture;
  const { now } = frames;
  const [low, high] = [view.low[0], view.high[0]];
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, view.width, view.height);
  context.strokeStyle = palette.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, view.height - 30);
  context.lineTo(view.width, view.height - 30);
  context.moveTo(0, view.height - 30 - (view.height - 50) / 2);
  context.setLineDash([2, 4]);
  context.lineTo(view.width, view.height - 30 - (view.height - 50) / 2);
  context.stroke();
  context.setLineDash([]);
  const p = valuesToShares(real, low, high);
  const q = now.density.length > 0 ? now.density : valuesToShares(now.samples, low, high);
  const most = p.reduce((a, b) => Math.max(a, b), 1e-9) * (p.length / 1);
  const toHeights = (shares: ArrayLike<number>) =>
    Array.from({ length: shares.length }, (_, i) => Math.min(1, (shares[i] * shares.length) / most));
  if (layers.includes("real")) drawCurve(context, toHeights(p), palette.real, [], true, view);
  if (layers.includes("fake") || layers.includes("density"))
    drawCurve(context, toHeights(q), palette.generated, [], true, view);
  if (layers.includes("heat"))
    drawCurve(context, now.heat.map(logitToProbability), palette.series[2], [6, 3], false, view);
  if (now.optimum.length > 0)
    drawCurve(context, now.optimum.map(logitToProbability), palette.series[3], [2, 3], false, view);
  context.strokeStyle = palette.accent;
  context.fillStyle = palette.generated;
  for (let i = 0; i < now.samples.length; i++) {
    const x = toX(view, now.samples[i]);
    const y = view.height - 30 + 4 + (i % 12);
    context.fillRect(x - 1, y, 2, 3);
    if (!layers.includes("arrows")) continue;
    const length = Math.sign(now.pushes[i]) * pushToPixels(Math.abs(now.pushes[i]));
    context.beginPath();
    context.moveTo(x, y + 1.5);
    context.lineTo(x + length, y + 1.5);
    context.stroke();
  }
  context.fillStyle = palette.text;
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const value of rangeToTicks(low, high, 6))
    context.fillText(String(value), toX(view, value), view.height - 1);
  context.fillStyle = nameToColour("$text/0.8", palette);
  context.textAlign = "left";
  context.fillText("D = 0.5", 4, view.height - 30 - (view.height - 50) / 2 - 2);
}
