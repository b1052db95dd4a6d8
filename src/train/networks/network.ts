/** Networks as lists of layers. */

import type { Tensors } from "../../engine/engine.ts";
import type * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { requireLabels } from "./label-layers.ts";
import type { CompositeRow, LayerRow, Mode, Specs } from "./layer-row.ts";
import { type Layer, rowOf } from "./layers.ts";
import { under, within } from "./names.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import { joinSides, requireSideInputs } from "./side-layers.ts";

export { specsToArrays } from "./initial-arrays.ts";

export interface Network {
  /** Of one example, without the batch. */
  readonly input: Shape;
  readonly output: Shape;
  /** By `layer/array`, in the order of the layers: `dense1/weights`, `residual1/body/convolution1/biases`. */
  readonly weights: Specs;
  /** Running statistics and the like: carried along, not trained. */
  readonly buffers: Specs;
  /** Uniform numbers that an application in training reads, as shapes of one example. */
  readonly noise: Readonly<Record<string, Shape>>;
  readonly layers: readonly LayerRecord[];
  /** Classes of the one-hot labels `[n, classes]` that the network reads; undefined where it reads none. */
  readonly classes?: number;
  /** Side inputs that the network reads, by name, as shapes of one example: `style`. */
  readonly sides: Readonly<Record<string, Shape>>;
  /** Shapes of the values that `mark` layers name: `embedding`. */
  readonly marks: Readonly<Record<string, Shape>>;
  apply(x: tf.Tensor, arrays: NetworkArrays, mode: Mode): AppliedNetwork;
  /**
   * The buffers after one power iteration of each spectral norm; undefined where the network has none. Their vectors
   * count as constants: call it outside of any gradient, once before a step, the first too.
   */
  advance?(weights: Tensors, buffers: Tensors): Tensors;
}

/** By the names of `weights`, `buffers` and `noise`; noise is not read when evaluating. */
export interface NetworkArrays {
  readonly weights: Tensors;
  readonly buffers: Tensors;
  readonly noise?: Tensors;
  /** One-hot, `[n, classes]`. */
  readonly labels?: tf.Tensor;
  /** By the names of `sides`, each `[n, ...shape]`. */
  readonly sides?: Tensors;
}

export interface AppliedNetwork {
  readonly output: tf.Tensor;
  readonly buffers: Tensors;
  readonly marks: Tensors;
}

/** A layer in its place, for plans and printing. */
export interface LayerRecord {
  readonly name: string;
  readonly kind: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: number;
  /** Undefined for a layer that is not of our table. */
  readonly layer?: Layer;
}

/** What a network or one of its layers is to whoever joins it with others; its arrays are named from here. */
type Part = Omit<Network, "layers">;

const countOf = (specs: Specs): number =>
  Object.values(specs).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

function rowToPart(row: LayerRow<Layer>, layer: Layer, input: Shape): Part {
  const buffers = row.buffers?.(input, layer) ?? {};
  const { advance } = row;
  const moves = advance !== undefined && Object.keys(buffers).length > 0;
  return {
    input,
    output: row.output?.(input, layer) ?? input,
    weights: row.weights?.(input, layer) ?? {},
    buffers,
    noise: row.noise?.(input, layer) ?? {},
    classes: row.classes?.(layer),
    sides: row.sides?.(input, layer) ?? {},
    marks: row.marks?.(input, layer) ?? {},
    apply(x, { noise = {}, ...given }, mode) {
      const { output, buffers, marks = {} } = row.apply(x, { ...given, noise }, layer, mode);
      return { output, buffers: buffers ? { ...given.buffers, ...buffers } : given.buffers, marks };
    },
    ...(moves && { advance: (weights, buffers) => ({ ...buffers, ...advance(weights, buffers, layer) }) }),
  };
}

/** The classes of parts that read labels. @throws GanEvalError `usage.network` if they differ */
function classesOf(parts: readonly Part[]): number | undefined {
  const [classes, ...others] = new Set(parts.flatMap(({ classes }) => classes ?? []));
  if (others.length === 0) return classes;
  throw new GanEvalError(
    "usage.network",
    `expected label layers with the same number of classes, got ${[classes, ...others].join(" and ")}`,
  );
}

type NamedPart = readonly [name: string, part: Part];

/** What parts keep, each under its name. */
function gather(
  parts: readonly NamedPart[],
): Pick<Part, "weights" | "buffers" | "noise" | "marks" | "classes" | "sides"> {
  const hung = <T>(take: (part: Part) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.assign({}, ...parts.map(([name, part]) => under(name, take(part))));
  return {
    weights: hung((part) => part.weights),
    buffers: hung((part) => part.buffers),
    noise: hung((part) => part.noise),
    marks: Object.assign({}, ...parts.map(([, { marks }]) => marks)),
    classes: classesOf(parts.map(([, part]) => part)),
    sides: joinSides(parts.map(([, { sides }]) => sides)),
  };
}

/** Applies a part with the arrays under its name; the buffers that come back are all of them. */
function applyPart([name, part]: NamedPart, x: tf.Tensor, given: NetworkArrays, mode: Mode): AppliedNetwork {
  const buffers = within(given.buffers, name);
  const { labels, sides, noise = {} } = given;
  const arrays = { weights: within(given.weights, name), buffers, noise: within(noise, name), labels, sides };
  const applied = part.apply(x, arrays, mode);
  const isSame = applied.buffers === buffers;
  return {
    ...applied,
    buffers: isSame ? given.buffers : { ...given.buffers, ...under(name, applied.buffers) },
  };
}

function advanceOf(parts: readonly NamedPart[]): Pick<Part, "advance"> {
  const moving = parts.filter(([, { advance }]) => advance !== undefined);
  if (moving.length === 0) return {};
  return {
    advance: (weights, buffers) =>
      Object.assign(
        { ...buffers },
        ...moving.map(([name, part]) =>
          under(name, part.advance!(within(weights, name), within(buffers, name))),
        ),
      ),
  };
}

function compositeToPart(row: CompositeRow<Layer, readonly Layer[]>, layer: Layer, input: Shape): Part {
  const parts = Object.entries(row.chains(layer)).map(
    ([name, chain]): NamedPart => [name, layersToNetwork(input, chain)],
  );
  return {
    input,
    output: row.output(Object.fromEntries(parts.map(([name, { output }]) => [name, output]))),
    ...gather(parts),
    ...advanceOf(parts),
    apply(x, given, mode) {
      const outputs: Tensors = {};
      let { buffers } = given;
      let marks: Tensors = {};
      for (const part of parts) {
        const applied = applyPart(part, x, { ...given, buffers }, mode);
        outputs[part[0]] = applied.output;
        buffers = applied.buffers;
        marks = { ...marks, ...applied.marks };
      }
      return { output: row.join(outputs), buffers, marks };
    },
  };
}

function layerToPart(layer: Layer, input: Shape): Part {
  const row = rowOf(layer);
  return "chains" in row ? compositeToPart(row, layer, input) : rowToPart(row, layer, input);
}

/**
 * A network of these layers. Layers are named by their kind and number: `dense1`, `batch-norm1`, `dense2`.
 * @throws GanEvalError `usage.network` where a layer does not fit on the one before
 */
export function layersToNetwork(input: Shape, layers: readonly Layer[]): Network {
  if (input.some((side) => !Number.isSafeInteger(side) || side < 1))
    throw new GanEvalError("usage.network", `expected input sizes of at least 1, got [${input}]`);
  const counts = new Map<string, number>();
  const records: LayerRecord[] = [];
  const parts: NamedPart[] = [];
  let shape = input;
  for (const layer of layers) {
    const { kind } = layer;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const name = `${kind}${number}`;
    const part = layerToPart(layer, shape);
    parts.push([name, part]);
    records.push({ name, kind, layer, input: shape, output: part.output, parameters: countOf(part.weights) });
    shape = part.output;
  }
  const gathered = gather(parts);
  return {
    input,
    output: shape,
    ...gathered,
    ...advanceOf(parts),
    layers: records,
    apply(x, given, mode) {
      if (gathered.classes !== undefined) requireLabels(given.labels, gathered.classes);
      requireSideInputs(given.sides, gathered.sides);
      let output = x;
      let { buffers } = given;
      let marks: Tensors = {};
      for (const part of parts) {
        const applied = applyPart(part, output, { ...given, buffers }, mode);
        output = applied.output;
        buffers = applied.buffers;
        marks = { ...marks, ...applied.marks };
      }
      return { output, buffers, marks };
    },
  };
}

export const parameterCount = ({ weights }: Network): number => countOf(weights);

/** The same network, each linear layer of which has a spectral norm. @throws GanEvalError `usage.network` if it is not made of our layers */
export function withSpectralNorm({ input, layers }: Network): Network {
  const spectral = (layer: Layer): Layer => {
    const row = rowOf(layer);
    if ("chains" in row) {
      const chains = Object.entries(row.chains(layer)).map(([name, chain]) => [name, chain.map(spectral)]);
      return row.withChains(layer, Object.fromEntries(chains));
    }
    return row.advance ? ({ ...layer, spectral: true } as Layer) : layer;
  };
  return layersToNetwork(
    input,
    layers.map(({ name, layer }) => {
      if (layer) return spectral(layer);
      throw new GanEvalError("usage.network", `expected a built-in network, got ${name}`, {
        hint: "Networks of your own module need their own spectral norm; leave the option out.",
      });
    }),
  );
}
