/** The grid over the latents as the generator bends it: density as opacity, folds hatched. */
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import { toX, toY, type View } from "./view.ts";

/** Twice the signed area of a quadrilateral, in the data's units: negative where the sheet lies on its back. */
const toArea = (places: Float32Array, corners: readonly number[]): number =>
  corners.reduce((sum, at, i) => {
    const next = corners[(i + 1) % 4];
    return sum + places[2 * at] * places[2 * next + 1] - places[2 * next] * places[2 * at + 1];
  }, 0);

/** Opacity by the density of the cell, on one scale for all frames: a decade is a fifth. */
const densityToOpacity = (density: number): number =>
  Math.max(0.03, Math.min(0.5, 0.12 + 0.16 * Math.log10(density)));

const STEPS = 6;

/** @param places row-major `[side, side, 2]`; each cell holds the same share of the latents */
export function drawManifold(
  context: CanvasRenderingContext2D,
  places: Float32Array,
  side: number,
  palette: Palette,
  view: View,
): void {
  if (side < 2 || places.length !== 2 * side * side) return;
  const mass = 1 / (side - 1) ** 2;
  const plane = (view.high[0] - view.low[0]) * (view.high[1] - view.low[1]);
  const fills = Array.from({ length: STEPS + 1 }, () => new Path2D());
  const folds = new Path2D();
  for (let row = 0; row + 1 < side; row++)
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const corners = [at, at + 1, at + side + 1, at + side];
      const area = toArea(places, corners) / 2;
      const opacity = densityToOpacity((mass / Math.max(Math.abs(area), 1e-12)) * plane);
      const path = fills[Math.round((opacity / 0.5) * STEPS)];
      const pixels = corners.map((corner) => [
        toX(view, places[2 * corner]),
        toY(view, places[2 * corner + 1]),
      ]);
      for (const [i, [x, y]] of pixels.entries()) i === 0 ? path.moveTo(x, y) : path.lineTo(x, y);
      path.closePath();
      if (area < 0) {
        folds.moveTo(pixels[0][0], pixels[0][1]);
        folds.lineTo(pixels[2][0], pixels[2][1]);
      }
    }
  for (const [step, path] of fills.entries()) {
    context.fillStyle = nameToColour(`$generated/${((step / STEPS) * 0.5).toFixed(3)}`, palette);
    context.fill(path);
  }
  context.strokeStyle = nameToColour("$text/0.5", palette);
  context.lineWidth = 0.8;
  context.stroke(folds);
  context.strokeStyle = nameToColour("$text/0.22", palette);
  const grid = new Path2D();
  for (let i = 0; i < side; i++)
    for (const [first, by] of [
      [i * side, 1],
      [i, side],
    ])
      for (let k = 0; k < side; k++) {
        const at = 2 * (first + k * by);
        const [x, y] = [toX(view, places[at]), toY(view, places[at + 1])];
        k === 0 ? grid.moveTo(x, y) : grid.lineTo(x, y);
      }
  context.stroke(grid);
}
