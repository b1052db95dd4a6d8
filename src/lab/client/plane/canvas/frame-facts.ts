/** Numbers of a frame that the page shows beside the picture. */

import type { Frame } from "../../../protocol/frame-codec.ts";
import type { PaneFacts } from "../../../protocol/plane-messages.ts";

export interface FrameFacts {
  /** Samples outside of the plane. */
  readonly outside: number;
  /** Median length of the pushes. */
  readonly push: number;
  readonly fake_logit: number;
  readonly real_logit: number;
  /** Mean |D - D*| where generated samples lie, if D* was asked for. */
  readonly distance_to_best?: number;
}

const median = (values: Float32Array | Float64Array): number => {
  const sorted = values.slice().sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
};

export const logitToProbability = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Points of which a coordinate lies outside, or is not a number. */
function countOutside(
  samples: Float32Array,
  { low, high, dimensions }: Pick<PaneFacts, "low" | "high" | "dimensions">,
): number {
  let count = 0;
  for (let i = 0; i < samples.length; i += dimensions) {
    let isInside = true;
    for (let axis = 0; axis < dimensions; axis++) {
      const value = samples[i + axis];
      isInside &&= value >= low[axis] && value <= high[axis];
    }
    if (!isInside) count++;
  }
  return count;
}

const pushLengths = (pushes: Float32Array, d: number): Float64Array =>
  Float64Array.from({ length: pushes.length / d }, (_, i) =>
    d === 1 ? Math.abs(pushes[i]) : Math.hypot(pushes[2 * i], pushes[2 * i + 1]),
  );

/** Of a place, on the plane or the line; undefined outside. */
function placeToCell(
  points: ArrayLike<number>,
  at: number,
  { low, high, dimensions, heatSide }: PaneFacts,
): number | undefined {
  let cell = 0;
  for (let axis = dimensions - 1; axis >= 0; axis--) {
    const share = (points[at + axis] - low[axis]) / (high[axis] - low[axis]);
    if (!(share >= 0 && share < 1)) return undefined;
    cell = cell * heatSide + Math.floor(share * heatSide);
  }
  return cell;
}

/** Over the cells in which generated samples lie, by how many do: elsewhere nothing tells D what to say. */
function distanceToBest({ heat, optimum, samples }: Frame, facts: PaneFacts): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < samples.length; at += facts.dimensions) {
    const cell = placeToCell(samples, at, facts);
    if (cell === undefined || !Number.isFinite(optimum[cell])) continue;
    sum += Math.abs(logitToProbability(heat[cell]) - logitToProbability(optimum[cell]));
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

export const frameToFacts = (frame: Frame, facts: PaneFacts): FrameFacts => ({
  outside: countOutside(frame.samples, facts),
  push: median(pushLengths(frame.pushes, facts.dimensions)),
  fake_logit: median(frame.fakeLogits),
  real_logit: median(frame.realLogits),
  ...(frame.optimum.length > 0 && facts.isProbability && { distance_to_best: distanceToBest(frame, facts) }),
});
