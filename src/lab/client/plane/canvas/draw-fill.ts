/** Fills of the plane: what D says of every cell, the density of G, the best D, and the difference. */
import {
  drawContour,
  drawHeat,
  type HeatScale,
  logitToSide,
} from "../../../../plane/drawing/plane-drawing.js";
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { LayerName } from "../layers.ts";
import type { Picture, PlanePlace } from "./draw-plane.ts";
import { logitToProbability } from "./frame-facts.ts";

/** Of numbers that have their place between -1 and 1 already. */
const PLAIN: HeatScale = { isProbability: false, middle: 0, reach: 1 };

interface Fill {
  readonly values: Float32Array;
  readonly scale: HeatScale;
  /** Where a line is drawn. */
  readonly level?: number;
}

/** The square root, or a few cells would be all that is seen. */
function densityToFill(density: Float32Array): Fill {
  const most = density.reduce((sum, value) => Math.max(sum, value), 0) || 1;
  return { values: density.map((share) => Math.sqrt(share / most)), scale: PLAIN };
}

/** Undefined where the frame has not what the layer needs. */
function pictureToFill({ frames: { now }, heatScale }: Picture, layer: LayerName): Fill | undefined {
  const { heat, density, optimum } = now;
  const ofLogits = (values: Float32Array): Fill => ({ values, scale: heatScale, level: heatScale.middle });
  if (layer === "heat") return ofLogits(heat);
  if (layer === "density") return density.length > 0 ? densityToFill(density) : undefined;
  if (optimum.length === 0) return undefined;
  // Neither data nor samples: nothing says what D should be, and the lab gives the middle itself.
  const best = optimum.map((logit) => (logit === heatScale.middle ? Number.NaN : logit));
  if (layer === "optimum") return ofLogits(best);
  const { isProbability, reach } = heatScale;
  const toDifference = (logit: number, best: number): number =>
    isProbability
      ? logitToProbability(logit) - logitToProbability(best)
      : Math.max(-1, Math.min(1, (logit - best) / reach));
  return { values: heat.map((logit, i) => toDifference(logit, best[i])), scale: PLAIN };
}

/** A + or - every few cells, where the colour is strong: hue is not needed to read it. */
function drawSigns({ context, view, palette }: PlanePlace, { values, scale }: Fill, side: number): void {
  context.strokeStyle = nameToColour("$text/0.4", palette);
  context.lineWidth = 1;
  context.beginPath();
  for (let row = 4; row < side; row += 8)
    for (let column = 4; column < side; column += 8) {
      const share = logitToSide(values[row * side + column], scale);
      if (!(Math.abs(share) >= 0.25)) continue;
      const [x, y] = [((column + 0.5) / side) * view.size, (1 - (row + 0.5) / side) * view.size];
      context.moveTo(x - 2.5, y);
      context.lineTo(x + 2.5, y);
      if (share < 0) continue;
      context.moveTo(x, y - 2.5);
      context.lineTo(x, y + 2.5);
    }
  context.stroke();
}

const densityColours = (palette: Palette): Palette => ({
  ...palette,
  heat: [palette.ground, palette.generated],
});

export function drawFill(place: PlanePlace, picture: Picture, layer: LayerName): void {
  const fill = pictureToFill(picture, layer);
  if (!fill) return;
  const { context, view, palette } = place;
  const { heatSide: side } = picture;
  const isDensity = layer === "density";
  drawHeat(
    context,
    view,
    { logits: fill.values, side, ...fill.scale },
    isDensity ? densityColours(palette) : palette,
  );
  if (!isDensity) drawSigns(place, fill, side);
  if (fill.level !== undefined)
    drawContour(context, view, { values: fill.values, side, level: fill.level }, palette.text);
}
