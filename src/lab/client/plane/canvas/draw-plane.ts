/** One frame of the plane on a canvas: fills, manifold, points, arrows, the step that was taken, and what lies outside. */
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { LayerName } from "../layers.ts";
import { LAYERS } from "../layers.ts";
import type { Scale } from "../state/wish.ts";
import { pushToPixels } from "./arrow-scale.ts";
import { drawContour, drawFill } from "./draw-fill.ts";
import { drawManifold } from "./draw-manifold.ts";
import type { Frames } from "./frame-book.ts";
import { rangeToTicks, toX, toY, type View } from "./view.ts";

export interface Picture {
  readonly frames: Frames;
  readonly real: Float32Array;
  readonly heatSide: number;
  readonly manifoldSide: number;
  readonly layers: readonly LayerName[];
  readonly scale: Scale;
}

type Context = CanvasRenderingContext2D;

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

function drawPoints(
  context: Context,
  points: Float32Array,
  colour: string,
  radius: number,
  view: View,
): void {
  context.fillStyle = colour;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [toX(view, points[i]), toY(view, points[i + 1])];
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fill();
}

/** What lies outside is a tick at the edge. */
function drawOutside(context: Context, points: Float32Array, colour: string, view: View): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [toX(view, points[i]), toY(view, points[i + 1])];
    const [nearX, nearY] = [clamp(x, view.width), clamp(y, view.height)];
    if (x === nearX && y === nearY) continue;
    context.moveTo(nearX, nearY);
    context.lineTo(
      nearX + (x < nearX ? 7 : x > nearX ? -7 : 0),
      nearY + (y < nearY ? 7 : y > nearY ? -7 : 0),
    );
  }
  context.stroke();
}

function pathToArrow(context: Context, x: number, y: number, dx: number, dy: number, length: number): void {
  const size = Math.hypot(dx, dy);
  if (length < 1 || !(size > 0)) return;
  const [ux, uy] = [dx / size, -dy / size];
  const [tipX, tipY] = [x + ux * length, y + uy * length];
  const head = Math.min(5, length / 2);
  context.moveTo(x, y);
  context.lineTo(tipX, tipY);
  context.moveTo(tipX - head * (ux + 0.5 * uy), tipY - head * (uy - 0.5 * ux));
  context.lineTo(tipX, tipY);
  context.lineTo(tipX - head * (ux - 0.5 * uy), tipY - head * (uy + 0.5 * ux));
}

function drawArrows(
  context: Context,
  samples: Float32Array,
  pushes: Float32Array,
  colour: string,
  view: View,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  for (let i = 0; i < samples.length; i += 2) {
    const length = pushToPixels(Math.hypot(pushes[i], pushes[i + 1]));
    pathToArrow(context, toX(view, samples[i]), toY(view, samples[i + 1]), pushes[i], pushes[i + 1], length);
  }
  context.stroke();
}

/** From where each sample was, a ring, to where it is. */
function drawStep(context: Context, { now, before }: Frames, palette: Palette, view: View): void {
  if (!before) return;
  context.strokeStyle = palette.generated;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < now.samples.length; i += 2) {
    const [x, y] = [toX(view, before.samples[i]), toY(view, before.samples[i + 1])];
    context.moveTo(x + 3, y);
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.moveTo(x, y);
    context.lineTo(toX(view, now.samples[i]), toY(view, now.samples[i + 1]));
  }
  context.stroke();
}

function drawTicks(context: Context, palette: Palette, view: View): void {
  context.fillStyle = palette.text;
  context.strokeStyle = nameToColour("$text/0.5", palette);
  context.lineWidth = 1;
  context.font = "11px system-ui, sans-serif";
  context.beginPath();
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const value of rangeToTicks(view.low[0], view.high[0])) {
    const x = toX(view, value);
    context.moveTo(x, view.height);
    context.lineTo(x, view.height - 4);
    if (x > 24 && x < view.width - 10) context.fillText(String(value), x, view.height - 5);
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const value of rangeToTicks(view.low[1], view.high[1])) {
    const y = toY(view, value);
    context.moveTo(0, y);
    context.lineTo(4, y);
    if (y > 10 && y < view.height - 24) context.fillText(String(value), 7, y);
  }
  context.stroke();
}

/** @param context scaled so that 1 is a pixel of the style sheet */
export function drawPlane(context: Context, picture: Picture, palette: Palette, view: View): void {
  const { frames, real, heatSide, manifoldSide, layers, scale } = picture;
  const { now } = frames;
  const colour = (name: string): string => nameToColour(name, palette);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, view.width, view.height);
  for (const name of layers)
    if (LAYERS[name].isFill) drawFill(context, now, name, scale, heatSide, palette, view);
  if (layers.includes("heat")) drawContour(context, now.heat, heatSide, palette.text, view);
  if (layers.includes("optimum") && now.optimum.length > 0)
    drawContour(context, now.optimum, heatSide, palette.text, view);
  if (layers.includes("manifold")) drawManifold(context, now.manifold, manifoldSide, palette, view);
  if (layers.includes("real")) drawPoints(context, real, colour("$real/0.65"), 2.2, view);
  if (layers.includes("arrows") && !frames.before)
    drawArrows(context, now.samples, now.pushes, palette.accent, view);
  if (layers.includes("arrows") && frames.before)
    drawArrows(context, frames.before.samples, frames.before.pushes, palette.accent, view);
  if (layers.includes("fake")) {
    drawStep(context, frames, palette, view);
    drawPoints(context, now.samples, palette.generated, 2.4, view);
    drawOutside(context, now.samples, palette.generated, view);
  }
  drawTicks(context, palette, view);
}
