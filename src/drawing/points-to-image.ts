/** Toy data, real and generated, on one image: points of a plane, or histograms of a line. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { GanEvalError } from "../errors.ts";
import { rangeToTicks } from "./axis-ticks.ts";
import { FONT_FAMILIES, INK, openCanvas } from "./chart-canvas.ts";

/** The ends of each axis, `[d]`. */
export interface Bounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface PointsImage {
  /** Row-major `[n, d]`. */
  readonly real: Float32Array;
  readonly generated: Float32Array;
  /** 1 or 2. */
  readonly d: number;
  /** The axes: the same for every image of a run, so that they can be laid side by side. */
  readonly bounds: Bounds;
  /** At the top left: `step 2000`. */
  readonly title?: string;
  /** Side in pixels (default 480). */
  readonly size?: number;
}

const MARGIN = { left: 46, right: 14, top: 32, bottom: 28 } as const;
const TEXT = { title: `bold 13px ${FONT_FAMILIES}`, label: `12px ${FONT_FAMILIES}` } as const;
const DEFAULT_SIZE = 480;
/** Around the real points, on either side: generated ones may miss. */
const ROOM = 0.25;

/** Real points are wide and pale, so that a narrow mode shows around the generated points that lie on it. */
const POINT = {
  real: { radius: 3.5, alpha: 0.35 },
  generated: { radius: 1.6, alpha: 0.65 },
} as const;
const BINS = 60;
/** Above the highest real bin. */
const HEADROOM = 1.35;

/**
 * Axes for points and some room around them; in the plane equally long, so that circles are round.
 * @param points row-major `[n, d]`
 * @param room on either side, as a share of the range (default 0.25)
 */
export function pointsToBounds(points: Float32Array, d: number, room = ROOM): Bounds {
  const low = new Array<number>(d).fill(Number.POSITIVE_INFINITY);
  const high = new Array<number>(d).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < points.length; i++) {
    low[i % d] = Math.min(low[i % d], points[i]);
    high[i % d] = Math.max(high[i % d], points[i]);
  }
  const span = Math.max(...high.map((end, axis) => end - low[axis])) || 1;
  const half = span * (0.5 + room);
  const middle = low.map((end, axis) => (end + high[axis]) / 2);
  return { low: middle.map((m) => m - half), high: middle.map((m) => m + half) };
}

/** Where the axes lie on the image, and values on them. */
interface Frame {
  readonly context: SKRSContext2D;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

type Range = readonly [low: number, high: number];

function drawFrame(context: SKRSContext2D, size: number, xRange: Range, yRange: Range): Frame {
  const [left, right] = [MARGIN.left, size - MARGIN.right];
  const [top, bottom] = [MARGIN.top, size - MARGIN.bottom];
  const x = (value: number) => left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * (right - left);
  const y = (value: number) => bottom - ((value - yRange[0]) / (yRange[1] - yRange[0])) * (bottom - top);
  context.font = TEXT.label;
  context.fillStyle = INK.text;
  context.strokeStyle = INK.gridline;
  context.lineWidth = 1;
  // Lines of one pixel lie sharp on its middle.
  const sharp = (at: number): number => Math.round(at) + 0.5;
  const line = (x0: number, y0: number, x1: number, y1: number): void => {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { value, label } of rangeToTicks(...xRange)) {
    line(sharp(x(value)), top, sharp(x(value)), bottom);
    context.fillText(label, x(value), bottom + 7);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, label } of rangeToTicks(...yRange)) {
    line(left, sharp(y(value)), right, sharp(y(value)));
    context.fillText(label, left - 7, y(value));
  }
  context.strokeStyle = INK.axis;
  context.strokeRect(sharp(left), sharp(top), Math.round(right - left), Math.round(bottom - top));
  return { context, left, right, top, bottom, x, y };
}

/** The names of the two colours, at the top right, and the title at the left. */
function drawHeading(
  { context, left, right, top }: Frame,
  title: string | undefined,
  notes: readonly string[],
): void {
  const middle = top / 2 + 1;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = INK.text;
  context.font = TEXT.title;
  if (title !== undefined) context.fillText(title, left, middle);
  context.font = TEXT.label;
  const keys = [
    { colour: INK.generated, text: ["generated", ...notes].join(", ") },
    { colour: INK.real, text: "real" },
  ];
  let end = right;
  for (const { colour, text } of keys) {
    const start = end - context.measureText(text).width;
    context.fillStyle = INK.text;
    context.fillText(text, start, middle);
    drawDot(context, start - 10, middle, 4.5, colour);
    end = start - 32;
  }
}

function drawDot(context: SKRSContext2D, x: number, y: number, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function drawPoints(frame: Frame, points: Float32Array, kind: "real" | "generated"): void {
  const { context, x, y } = frame;
  const { radius, alpha } = POINT[kind];
  context.globalAlpha = alpha;
  for (let i = 0; i < points.length; i += 2)
    drawDot(context, x(points[i]), y(points[i + 1]), radius, INK[kind]);
  context.globalAlpha = 1;
}

/** Shares of all values by bin, divided by the bins' width: what lies outside counts too. */
function valuesToDensities(values: Float32Array, [low, high]: Range): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    if (bin >= 0 && bin < BINS) counts[bin]++;
  }
  return counts.map((count) => (count * BINS) / (Math.max(1, values.length) * (high - low)));
}

function drawHistogram(frame: Frame, densities: readonly number[], kind: "real" | "generated"): void {
  const { context, left, right, bottom, y } = frame;
  const width = (right - left) / BINS;
  const outline = () => {
    context.beginPath();
    context.moveTo(left, bottom);
    for (const [bin, density] of densities.entries()) {
      context.lineTo(left + bin * width, y(density));
      context.lineTo(left + (bin + 1) * width, y(density));
    }
    context.lineTo(right, bottom);
  };
  outline();
  context.globalAlpha = kind === "real" ? 0.5 : 0.18;
  context.fillStyle = INK[kind];
  context.fill();
  context.globalAlpha = 1;
  if (kind === "real") return;
  outline();
  context.strokeStyle = INK[kind];
  context.lineWidth = 1.75;
  context.stroke();
}

function countOutside(points: Float32Array, d: number, { low, high }: Bounds): number {
  let outside = 0;
  for (let i = 0; i < points.length; i += d) {
    let inside = true;
    for (let axis = 0; axis < d; axis++)
      inside &&= points[i + axis] >= low[axis] && points[i + axis] <= high[axis];
    if (!inside) outside++;
  }
  return outside;
}

function requireFitting({ real, generated, d, bounds }: PointsImage): void {
  if ((d !== 1 && d !== 2) || real.length % d !== 0 || generated.length % d !== 0)
    throw new GanEvalError(
      "usage.points",
      `expected points of 1 or 2 coordinates, got ${real.length} and ${generated.length} numbers for ${d}`,
    );
  const ends = [...bounds.low, ...bounds.high];
  const isRange = bounds.low.every((low, axis) => low < bounds.high[axis]);
  if (ends.length !== 2 * d || !ends.every(Number.isFinite) || !isRange)
    throw new GanEvalError("usage.points", `expected axes of nonzero length, got ${JSON.stringify(bounds)}`);
}

/**
 * A PNG file of real points, muted, and generated ones over them. In one dimension densities: the axis goes by the real
 * ones; a peak of generated ones that is cut off there, and points beyond the axes, are noted in the legend. The same
 * points give the same bytes on machines with the same fonts.
 *
 * @throws GanEvalError `usage.points` where numbers do not fit `d`, or an axis has no length
 */
export async function pointsToImage(image: PointsImage): Promise<Buffer> {
  requireFitting(image);
  const { real, generated, d, bounds, title, size = DEFAULT_SIZE } = image;
  const { canvas, context } = await openCanvas(size, size);
  const xRange = [bounds.low[0], bounds.high[0]] as const;
  const densities = d === 1 && valuesToDensities(real, xRange);
  const yRange = densities
    ? ([0, HEADROOM * Math.max(...densities) || 1] as const)
    : ([bounds.low[1], bounds.high[1]] as const);
  const frame = drawFrame(context, size, xRange, yRange);
  const made = densities && valuesToDensities(generated, xRange);
  const outside = countOutside(generated, d, bounds);
  const peak = made ? Math.max(...made) : 0;
  drawHeading(frame, title, [
    ...(outside > 0 ? [`${outside} outside`] : []),
    ...(peak > yRange[1] ? [`peak ${peak.toPrecision(3)}`] : []),
  ]);
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  if (densities && made) {
    drawHistogram(frame, densities, "real");
    drawHistogram(frame, made, "generated");
  } else {
    drawPoints(frame, real, "real");
    drawPoints(frame, generated, "generated");
  }
  return canvas.toBuffer("image/png");
}
