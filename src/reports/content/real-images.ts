/** Real images laid out as a run's grids of samples are. */
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import type { Batch } from "../../train/training-data.ts";

export interface RealImages {
  /** Row-major `[n, height, width, channels]`. */
  readonly pixels: Uint8Array;
  readonly shape: readonly number[];
  readonly columns: number;
}

const COLUMNS = 5;
const CLASS_COLUMNS = 10;
/** Enough to find each class's ten among them. */
const LOOKED_AT = 2000;

/** A row a class, the first ten; of classes with fewer images than a row none. */
function labelsToPlaces(labels: Int32Array, classes: number): number[] {
  return Array.from({ length: Math.min(CLASS_COLUMNS, classes) }, (_, label) => {
    const own = [...labels.keys()].filter((place) => labels[place] === label).slice(0, CLASS_COLUMNS);
    return own.length === CLASS_COLUMNS ? own : [];
  }).flat();
}

/** Of data that have fewer, all of them. */
function dataToLookedAt(data: OpenedData): Batch {
  const heldOut = data.heldOut(LOOKED_AT);
  if (heldOut.samples.length > 0) return heldOut;
  return data.training(0).next(Math.min(LOOKED_AT, data.count ?? LOOKED_AT));
}

/**
 * Images set apart, else of those trained on: 25, or with `byClass` a row a class, as grids of conditional generators
 * are. Undefined for points.
 */
export function dataToRealImages(data: OpenedData, byClass: boolean): RealImages | undefined {
  if (!data.pixels) return undefined;
  const { shape } = data;
  const size = shape.reduce((product, side) => product * side, 1);
  const { samples, labels } = dataToLookedAt(data);
  const n = samples.length / size;
  const rows = byClass && labels ? labelsToPlaces(labels, data.classes ?? 0) : [];
  const places = rows.length > 0 ? rows : Array.from({ length: Math.min(COLUMNS ** 2, n) }, (_, i) => i);
  const chosen = new Float32Array(places.length * size);
  for (const [i, place] of places.entries())
    chosen.set(samples.subarray(place * size, (place + 1) * size), i * size);
  return { pixels: samplesToPixels(chosen), shape, columns: rows.length > 0 ? CLASS_COLUMNS : COLUMNS };
}
