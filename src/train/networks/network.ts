/** Networks as lists of layers. */
import type * as tf from "@tensorflow/tfjs";
import type { ArrayValue, Tensors } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import type { RandomStream } from "../random.ts";
import {
  type Initializer,
  LAYERS,
  type Layer,
  type LayerRow,
  type Mode,
  type Shape,
  type Specs,
  sizeOf,
} from "./layers.ts";
import { under, within } from "./names.ts";

export interface Network {
  /** Of one example, without the batch. */
  readonly input: Shape;
  readonly output: Shape;
  /** By `layer/array`, in the order of the layers: `dense1/weights`. */
  readonly weights: Specs;
  /** Running statistics: carried along, not trained. */
  readonly buffers: Specs;
  /** Uniform numbers that an application in training reads, as shapes of one example. */
  readonly noise: Readonly<Record<string, Shape>>;
  readonly layers: readonly LayerRecord[];
  apply(
    x: tf.Tensor,
    arrays: NetworkArrays,
    mode: Mode,
  ): { readonly output: tf.Tensor; readonly buffers: Tensors };
}

/** By the names of `weights`, `buffers` and `noise`; noise is not read when evaluating. */
export interface NetworkArrays {
  readonly weights: Tensors;
  readonly buffers: Tensors;
  readonly noise?: Tensors;
}

/** A layer in its place, for plans and printing. */
export interface LayerRecord {
  readonly name: string;
  readonly layer: Layer;
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: number;
}

/** The table's rows are typed by their kind; a list of layers mixes them. */
const rowOf = (layer: Layer): LayerRow<Layer> => LAYERS[layer.kind] as unknown as LayerRow<Layer>;

/**
 * A network of these layers. Layers are named by their kind and number: `dense1`, `batch-norm1`, `dense2`.
 * @throws GanEvalError `usage.network` where a layer does not fit on the one before
 */
export function layersToNetwork(input: Shape, layers: readonly Layer[]): Network {
  if (input.some((side) => !Number.isSafeInteger(side) || side < 1))
    throw new GanEvalError("usage.network", `expected sizes from 1 on as input, got [${input}]`);
  const counts = new Map<string, number>();
  const records: LayerRecord[] = [];
  let weights: Specs = {};
  let buffers: Specs = {};
  let noise: Readonly<Record<string, Shape>> = {};
  let shape = input;
  for (const layer of layers) {
    const row = rowOf(layer);
    const number = (counts.get(layer.kind) ?? 0) + 1;
    counts.set(layer.kind, number);
    const name = `${layer.kind}${number}`;
    const own = row.weights?.(shape, layer) ?? {};
    const output = row.output?.(shape, layer) ?? shape;
    const parameters = Object.values(own).reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
    weights = { ...weights, ...under(name, own) };
    buffers = { ...buffers, ...under(name, row.buffers?.(shape, layer) ?? {}) };
    noise = { ...noise, ...under(name, row.noise?.(shape, layer) ?? {}) };
    records.push({ name, layer, input: shape, output, parameters });
    shape = output;
  }
  return {
    input,
    output: shape,
    weights,
    buffers,
    noise,
    layers: records,
    apply(x, given, mode) {
      let h = x;
      let next = given.buffers;
      for (const { name, layer } of records) {
        const arrays = {
          weights: within(given.weights, name),
          buffers: within(next, name),
          noise: within(given.noise ?? {}, name),
        };
        const applied = rowOf(layer).apply(h, arrays, layer, mode);
        h = applied.output;
        for (const [key, tensor] of Object.entries(applied.buffers ?? {}))
          next = { ...next, [`${name}/${key}`]: tensor };
      }
      return { output: h, buffers: next };
    },
  };
}

export const parameterCount = (network: Network): number =>
  network.layers.reduce((sum, { parameters }) => sum + parameters, 0);

type Filler<Kind extends Initializer["kind"]> = (
  array: Float32Array<ArrayBuffer>,
  initializer: Extract<Initializer, { kind: Kind }>,
  random: RandomStream,
) => void;

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
