/** The types of plane-drawing.js, which draws the plane in pages of reports and of the lab alike. */

/** Corners of the plane, in the data's units. */
export interface PlaneBounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Where data lie on a square canvas. */
export interface PlaneView {
  readonly bounds: PlaneBounds;
  /** Of the canvas, in the units of its context. */
  readonly size: number;
  x(value: number): number;
  y(value: number): number;
}

/** The colours that drawing uses, of the page's palette. */
export interface PlanePalette {
  readonly ground: string;
  readonly text: string;
  /** What is taken for generated, and for real; `#rrggbb`, as is the ground. */
  readonly heat: readonly [string, string];
}

/** How the discriminator's output becomes a colour. */
export interface HeatScale {
  /** Whether the sigmoid of a logit is a probability: then the other two are not read. */
  readonly isProbability: boolean;
  /** The output that prefers neither side (`logitsToMiddle`). */
  readonly middle: number;
  /** From the middle to the ends of the scale. */
  readonly reach: number;
}

export interface Heat extends HeatScale {
  readonly logits: ArrayLike<number>;
  readonly side: number;
}

/** What drawing asks of a canvas's context. */
export type PlaneContext = CanvasRenderingContext2D;

export function boundsToView(bounds: PlaneBounds, size: number): PlaneView;
export function logitsToMiddle(
  loss: string,
  realLogits: Float32Array | readonly number[],
  fakeLogits: Float32Array | readonly number[],
): number;
export function toRoundReach(value: number): number;
export function logitToSide(logit: number, scale: HeatScale): number;
export function drawHeat(context: PlaneContext, view: PlaneView, heat: Heat, palette: PlanePalette): void;
export function fieldToSegments(values: ArrayLike<number>, side: number, level: number): number[];
export function drawContour(
  context: PlaneContext,
  view: PlaneView,
  field: { readonly values: ArrayLike<number>; readonly side: number; readonly level: number },
  colour: string,
): void;
export function drawPoints(
  context: PlaneContext,
  view: PlaneView,
  points: ArrayLike<number>,
  style: { readonly colour: string; readonly radius: number; readonly opacity?: number },
): void;
/** @returns how many points lie outside */
export function drawOutside(
  context: PlaneContext,
  view: PlaneView,
  points: ArrayLike<number>,
  colour: string,
): number;
export function manifoldToAreas(manifold: ArrayLike<number>, side: number): Float64Array;
export function drawManifold(
  context: PlaneContext,
  view: PlaneView,
  grid: { readonly manifold: Float32Array; readonly side: number },
  palette: PlanePalette,
): void;
export function pushToLength(push: number): number;
export function drawArrows(
  context: PlaneContext,
  view: PlaneView,
  arrows: { readonly samples: ArrayLike<number>; readonly pushes: ArrayLike<number> },
  colour: string,
): void;
export function drawArrowKey(
  context: PlaneContext,
  view: PlaneView,
  palette: PlanePalette,
  colour: string,
): void;
