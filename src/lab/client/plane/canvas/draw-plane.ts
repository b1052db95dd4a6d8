/** One frame of the plane on a canvas: layer over layer, and the step that was taken. */
import {
  drawArrows,
  drawManifold,
  drawOutside,
  drawPoints,
  type HeatScale,
  type PlaneView,
} from "../../../../plane/drawing/plane-drawing.js";
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { LayerName } from "../layers.ts";
import { LAYERS } from "../layers.ts";
import { drawFill } from "./draw-fill.ts";
import type { Frames } from "./frame-book.ts";
import { rangeToTicks } from "./view.ts";

export interface Picture {
  readonly frames: Frames;
  readonly real: Float32Array;
  /** The data's exact mass by cell of the heat, on a line where it is known. */
  readonly masses?: Float32Array;
  readonly heatSide: number;
  readonly manifoldSide: number;
  readonly layers: readonly LayerName[];
  readonly heatScale: HeatScale;
}

/** Where a picture is drawn, scaled so that 1 is a pixel of the style sheet. */
export interface PlanePlace {
  readonly context: CanvasRenderingContext2D;
  readonly view: PlaneView;
  readonly palette: Palette;
}

/** From where each sample was, a ring, to where it is. */
function drawStep({ context, view, palette }: PlanePlace, { now, before }: Frames): void {
  if (!before) return;
  context.strokeStyle = palette.generated;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < now.samples.length; i += 2) {
    const [x, y] = [view.x(before.samples[i]), view.y(before.samples[i + 1])];
    context.moveTo(x + 3, y);
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.moveTo(x, y);
    context.lineTo(view.x(now.samples[i]), view.y(now.samples[i + 1]));
  }
  context.stroke();
}

/** Numbers at the lower and the left edge, on a ground of their own. */
function drawTicks({ context, view, palette }: PlanePlace): void {
  const { size, bounds } = view;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  const write = (text: string, x: number, y: number): void => {
    const width = context.measureText(text).width;
    context.fillStyle = nameToColour("$ground/0.65", palette);
    context.fillRect(x - width / 2 - 2, y - 7, width + 4, 14);
    context.fillStyle = palette.text;
    context.fillText(text, x, y);
  };
  context.textAlign = "center";
  for (const value of rangeToTicks(bounds.low[0], bounds.high[0]))
    if (view.x(value) > 30 && view.x(value) < size - 14) write(String(value), view.x(value), size - 9);
  for (const value of rangeToTicks(bounds.low[1], bounds.high[1]))
    if (view.y(value) > 14 && view.y(value) < size - 22) write(String(value), 16, view.y(value));
}

export function drawPlane(place: PlanePlace, picture: Picture): void {
  const { context, view, palette } = place;
  const { frames, real, manifoldSide, layers } = picture;
  const { now, before = now } = frames;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, view.size, view.size);
  for (const name of layers) if (LAYERS[name].isFill) drawFill(place, picture, name);
  if (layers.includes("manifold") && manifoldSide > 0)
    drawManifold(context, view, { manifold: now.manifold, side: manifoldSide }, palette);
  if (layers.includes("real"))
    drawPoints(context, view, real, { colour: palette.real, radius: 2.2, opacity: 0.65 });
  // Pushes are those that led to the step, where one is drawn.
  if (layers.includes("arrows")) drawArrows(context, view, before, palette.accent);
  if (layers.includes("fake")) {
    drawStep(place, frames);
    drawPoints(context, view, now.samples, { colour: palette.generated, radius: 2.4 });
    drawOutside(context, view, now.samples, palette.generated);
  }
  drawTicks(place);
}
