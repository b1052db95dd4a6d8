/** Fills of the plane: what D says of every cell, the density of G, the best D, and the difference. */
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { Frame } from "../../../protocol/frame-codec.ts";
import type { LayerName } from "../layers.ts";
import type { Scale } from "../state/wish.ts";
import { cellsToContour } from "./contour.ts";
import { logitToProbability } from "./frame-facts.ts";
import { toX, toY, type View } from "./view.ts";

/** Logits beyond these have the full colour. */
export const LOGIT_RANGE = 8;

type Levels = readonly number[];
const hexToLevels = (hex: string): Levels =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** How far a cell is from undecided, -1 to 1. */
const logitToShare = (logit: number, scale: Scale): number =>
  scale === "logit" ? Math.max(-1, Math.min(1, logit / LOGIT_RANGE)) : 2 * logitToProbability(logit) - 1;

const densityToShare = (share: number, most: number): number => Math.sqrt(share / (most || 1));

const toDifference = (logit: number, best: number, scale: Scale): number =>
  scale === "logit"
    ? Math.max(-1, Math.min(1, (logit - best) / LOGIT_RANGE))
    : logitToProbability(logit) - logitToProbability(best);

/** Shares of every cell, -1 to 1; undefined where the frame has not what the layer needs. */
function frameToShares(frame: Frame, layer: LayerName, scale: Scale): Float32Array | undefined {
  const { heat, density, optimum } = frame;
  if (layer === "heat") return heat.map((logit) => logitToShare(logit, scale));
  if (layer === "density" && density.length > 0) {
    const most = density.reduce((most, value) => Math.max(most, value), 0);
    return density.map((value) => densityToShare(value, most));
  }
  if (optimum.length === 0) return undefined;
  if (layer === "optimum") return optimum.map((logit) => logitToShare(logit, scale));
  return layer === "difference" ? heat.map((logit, i) => toDifference(logit, optimum[i], scale)) : undefined;
}

let stamp: HTMLCanvasElement | undefined;

function drawShares(
  context: CanvasRenderingContext2D,
  shares: Float32Array,
  side: number,
  [ground, low, high]: readonly Levels[],
  { width, height }: View,
): void {
  stamp ??= document.createElement("canvas");
  if (stamp.width !== side || stamp.height !== shares.length / side) {
    stamp.width = side;
    stamp.height = shares.length / side;
  }
  const small = stamp.getContext("2d")!;
  const image = small.createImageData(side, stamp.height);
  for (let i = 0; i < shares.length; i++) {
    const end = shares[i] < 0 ? low : high;
    const weight = Math.abs(shares[i]);
    const at = 4 * ((stamp.height - 1 - Math.floor(i / side)) * side + (i % side));
    for (let k = 0; k < 3; k++) image.data[at + k] = ground[k] + (end[k] - ground[k]) * weight;
    image.data[at + 3] = 255;
  }
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(stamp, 0, 0, width, height);
}

/** A + or - every few cells, where the colour is strong: hue is not needed to read it. */
function drawSigns(
  context: CanvasRenderingContext2D,
  shares: Float32Array,
  side: number,
  colour: string,
  { width, height }: View,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let row = 4; row < side; row += 8)
    for (let column = 4; column < side; column += 8) {
      const share = shares[row * side + column];
      if (Math.abs(share) < 0.25) continue;
      const [x, y] = [((column + 0.5) / side) * width, (1 - (row + 0.5) / side) * height];
      context.moveTo(x - 2.5, y);
      context.lineTo(x + 2.5, y);
      if (share > 0) {
        context.moveTo(x, y - 2.5);
        context.lineTo(x, y + 2.5);
      }
    }
  context.stroke();
}

export function drawFill(
  context: CanvasRenderingContext2D,
  frame: Frame,
  layer: LayerName,
  scale: Scale,
  side: number,
  palette: Palette,
  view: View,
): void {
  const shares = frameToShares(frame, layer, scale);
  if (!shares) return;
  const ends = layer === "density" ? [palette.ground, palette.generated] : palette.heat;
  drawShares(context, shares, side, [palette.ground, ...ends].map(hexToLevels), view);
  if (layer !== "density") drawSigns(context, shares, side, nameToColour("$text/0.4", palette), view);
}

/** Where D is undecided. */
export function drawContour(
  context: CanvasRenderingContext2D,
  logits: Float32Array,
  side: number,
  colour: string,
  view: View,
): void {
  const segments = cellsToContour(logits, side);
  const [cellX, cellY] = [(view.high[0] - view.low[0]) / side, (view.high[1] - view.low[1]) / side];
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < segments.length; i += 4) {
    context.moveTo(
      toX(view, view.low[0] + segments[i] * cellX),
      toY(view, view.low[1] + segments[i + 1] * cellY),
    );
    context.lineTo(
      toX(view, view.low[0] + segments[i + 2] * cellX),
      toY(view, view.low[1] + segments[i + 3] * cellY),
    );
  }
  context.stroke();
}
