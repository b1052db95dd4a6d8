/** A set of points as training data: its kernel density, drawn from without an end. */
import { createHash } from "node:crypto";
import type { Mixture } from "../../math/clusters/mode-coverage.ts";
import { openRandomStream } from "../random.ts";
import { mixtureToSample, type ToyData } from "../toy-data.ts";
import { toyToTrainingData } from "../training-data.ts";
import { HELD_OUT_SEED, type OpenedData } from "./opened-data.ts";
import { type Points, readPoints } from "./read-points.ts";

/** `points:FILE` */
export const POINTS_PREFIX = "points:";

export const isPointsLocation = (location: string): boolean =>
  location.startsWith(POINTS_PREFIX) && location !== POINTS_PREFIX;

/** Points whose neighbours are looked for, evenly chosen. */
const ASKED = 1000;

/**
 * The deviation of the noise around points: the median of the distance to the nearest point that lies elsewhere, of 1,000
 * points evenly chosen. So neighbours run into each other and modes stay apart, where Scott's rule, which goes by the
 * spread of all points, would smear them. 0 where all points are one.
 */
export function pointsToDeviation({ values, d }: Points): number {
  const n = values.length / d;
  const asked = Math.min(n, ASKED);
  const distances = Array.from({ length: asked }, (_, k) => {
    const at = d * Math.floor((k * n) / asked);
    let nearest = Number.POSITIVE_INFINITY;
    for (let other = 0; other < values.length; other += d) {
      let squared = 0;
      for (let axis = 0; axis < d; axis++) squared += (values[other + axis] - values[at + axis]) ** 2;
      if (squared > 0 && squared < nearest) nearest = squared;
    }
    return nearest;
  });
  const median = distances.sort((a, b) => a - b)[asked >> 1];
  return Number.isFinite(median) ? Math.sqrt(median) : 0;
}

/** sha256 of the numbers, how many make a point, and the deviation. */
function kernelsToHash({ centres, d, deviation }: Mixture): string {
  const bytes = Buffer.alloc(8 * centres.length);
  for (const [i, value] of centres.entries()) bytes.writeDoubleLE(value, 8 * i);
  return createHash("sha256").update(JSON.stringify({ d, deviation })).update(bytes).digest("hex");
}

/**
 * Points as a distribution without an end: every sample is a point, each as likely, plus normal noise.
 * @param deviation of the noise (default: `pointsToDeviation`); 0 for the points alone
 */
function pointsToOpenedData(location: string, points: Points, deviation?: number): OpenedData {
  const { values: centres, d } = points;
  const kernels: Mixture = { centres, d, deviation: deviation ?? pointsToDeviation(points) };
  const n = (centres.length / d).toLocaleString("en-US");
  const toy: ToyData = {
    label: `${n} points of ${location.slice(POINTS_PREFIX.length)}`,
    d,
    kernels: () => kernels,
    sample: mixtureToSample(kernels),
    source: location,
  };
  return {
    kind: "toy",
    label: `${toy.label}, deviation ${Number(kernels.deviation.toPrecision(3))}`,
    location,
    shape: [d],
    hash: kernelsToHash(kernels),
    kernels: toy.kernels,
    training: (seed) => toyToTrainingData(toy, seed),
    heldOut: (count) => ({ samples: toy.sample(count, openRandomStream(HELD_OUT_SEED, "evaluation")) }),
    warnings: [],
  };
}

/** Opens `points:FILE`. @throws GanEvalError what `readPoints` throws */
export async function openPoints(location: string, deviation?: number): Promise<OpenedData> {
  const points = await readPoints(location.slice(POINTS_PREFIX.length));
  return pointsToOpenedData(location, points, deviation);
}
