/**
 * Many arrays as one: the weights of a player's networks, one after the other in a flat array. An optimizer on a device
 * then takes a dozen passes in all, not a dozen for each of a hundred arrays, and few tensors cross.
 */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import type { Specs } from "../networks/layer-row.ts";
import { type Shape, sizeOf } from "../networks/shapes.ts";

/** Where an array lies, in elements. */
export interface FlatPlace {
  readonly network: string;
  readonly key: string;
  readonly offset: number;
  readonly size: number;
  readonly shape: Shape;
}

export interface FlatLayout {
  readonly places: readonly FlatPlace[];
  readonly size: number;
}

/** The layout of some networks' arrays, in their order. */
export function specsToLayout(specs: readonly (readonly [network: string, specs: Specs])[]): FlatLayout {
  let offset = 0;
  const places = specs.flatMap(([network, own]) =>
    Object.entries(own).map(([key, { shape }]): FlatPlace => {
      const place = { network, key, offset, size: sizeOf(shape), shape };
      offset += place.size;
      return place;
    }),
  );
  return { places, size: offset };
}

/** Each array of a flat tensor, flat itself. */
export const flatToParts = (flat: tf.Tensor, { places }: FlatLayout): tf.Tensor1D[] =>
  places.map(({ offset, size }) => tf.slice1d(flat as tf.Tensor1D, offset, size));

/** The arrays of a flat tensor in their shapes, as `toName` calls them. */
export function flatToTensors(
  flat: tf.Tensor,
  layout: FlatLayout,
  toName: (place: FlatPlace) => string,
): Tensors {
  const parts = flatToParts(flat, layout);
  return Object.fromEntries(
    layout.places.map((place, i) => [toName(place), tf.reshape(parts[i], [...place.shape])]),
  );
}

/** One flat tensor of all. */
export function tensorsToFlat(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  const flat = tensors.map((tensor) => tf.reshape(tensor, [tensor.size]));
  return flat.length === 1 ? (flat[0] as tf.Tensor1D) : (tf.concat(flat) as tf.Tensor1D);
}

type ArrayAt = (place: FlatPlace) => Float32Array;

/** Arrays here to a flat one. */
export function arraysToFlat({ places, size }: FlatLayout, arrayAt: ArrayAt): Float32Array {
  const flat = new Float32Array(size);
  for (const place of places) flat.set(arrayAt(place), place.offset);
  return flat;
}

/** A flat array to those here. */
export function flatToArrays(flat: Float32Array, { places }: FlatLayout, arrayAt: ArrayAt): void {
  for (const place of places) arrayAt(place).set(flat.subarray(place.offset, place.offset + place.size));
}
