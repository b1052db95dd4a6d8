/** Arrays before training. */
import type { ArrayValue } from "../../engine/engine.ts";
import type { RandomStream } from "../random.ts";
import type { Specs } from "./layer-row.ts";
import { sizeOf } from "./shapes.ts";

/** How an array is filled before training. */
export type Initializer =
  | { readonly kind: "zeros" | "ones" }
  /** Uniform in [-bound, bound). */
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  /** A vector of length 1 in a random direction. */
  | { readonly kind: "direction" }
  /** As a function fills it, which draws what it needs from the stream. */
  | { readonly kind: "drawn"; readonly draw: (random: RandomStream) => ArrayLike<number> };

type Filler<Kind extends Initializer["kind"]> = (
  array: Float32Array<ArrayBuffer>,
  initializer: Extract<Initializer, { kind: Kind }>,
  random: RandomStream,
) => void;

/** Brings a vector to length 1. */
export function toUnit(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  for (let i = 0; i < vector.length; i++) vector[i] /= length || 1;
}

const FILLERS: { readonly [Kind in Initializer["kind"]]: Filler<Kind> } = {
  zeros: () => {},
  ones: (array) => array.fill(1),
  uniform: (array, { bound }, random) => {
    random.uniform(array);
    for (let i = 0; i < array.length; i++) array[i] = bound * (2 * array[i] - 1);
  },
  normal: (array, { mean, deviation }, random) => {
    random.normal(array);
    for (let i = 0; i < array.length; i++) array[i] = mean + deviation * array[i];
  },
  direction: (array, _initializer, random) => {
    random.normal(array);
    toUnit(array);
  },
  drawn: (array, { draw }, random) => array.set(draw(random)),
};

/** The arrays before training, drawn one after the other. */
export function specsToArrays(specs: Specs, random: RandomStream): Record<string, ArrayValue> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, initializer }]) => {
      const data = new Float32Array(sizeOf(shape));
      const fill = FILLERS[initializer.kind] as Filler<Initializer["kind"]>;
      fill(data, initializer as never, random);
      return [name, { data, shape }];
    }),
  );
}
