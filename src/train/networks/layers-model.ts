/** Networks made of tensorflow.js's own layers: a LayersModel as one of ours. */

import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { openRandomStream, type RandomStream } from "../random.ts";
import type { Initializer } from "./initial-arrays.ts";
import type { ArraySpec, Mode, Specs } from "./layer-row.ts";
import type { LayerRecord, Network, NetworkArrays } from "./network.ts";
import { type Shape, sizeOf } from "./shapes.ts";

type Variable = tf.LayerVariable;
type ModelLayer = tf.layers.Layer;

/** How the variables of a model were filled; those that were overwritten since are left out. */
export type Initializers = ReadonlyMap<Variable, Initializer>;

/** Math.random from a stream: what tensorflow.js draws from where it is given no seed. */
function drawingFrom<T>(random: RandomStream, body: () => T): T {
  const before = Math.random;
  const one = new Float32Array(1);
  Math.random = () => random.uniform(one)[0];
  try {
    return body();
  } finally {
    Math.random = before;
  }
}

type AddWeight = (name: string, shape: number[], dtype: tf.DataType, ...rest: unknown[]) => Variable;

/**
 * Builds a model, and notes which initialiser filled which variable, so that they can be drawn again from a run's own
 * seed. `build` is synchronous.
 */
export function recordInitializers<T>(build: () => T): { built: T; initializers: Initializers } {
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  const initializers = new Map<Variable, Initializer>();
  prototype.addWeight = function (name, shape, dtype, ...rest) {
    const variable = addWeight.call(this, name, shape, dtype, ...rest);
    const filler = rest[0] as { apply(shape: number[], dtype?: tf.DataType): tf.Tensor };
    const values = () => tf.tidy(() => filler.apply(shape, dtype ?? "float32").dataSync());
    initializers.set(variable, { kind: "drawn", draw: (random) => drawingFrom(random, values) });
    const { write } = variable;
    variable.write = (value) => {
      initializers.delete(variable);
      return write.call(variable, value);
    };
    return variable;
  };
  try {
    // What the model itself draws is never used but where it is written by hand: that is to be the same each time, too.
    return { built: drawingFrom(openRandomStream(0, "weights"), build), initializers };
  } finally {
    prototype.addWeight = addWeight;
  }
}

const withoutBatch = (shape: readonly (number | null)[], what: string): Shape => {
  const sides = shape.slice(1);
  if (sides.every((side) => side !== null)) return sides as number[];
  throw new GanEvalError("usage.network", `expected a known ${what} shape of the model, got [${shape}]`, {
    hint: "Give the first layer an inputShape without null.",
  });
};

/** The layers of a model, and of the models inside it. */
const leaves = (layers: readonly ModelLayer[]): ModelLayer[] =>
  layers.flatMap((layer) => ("layers" in layer ? leaves(layer.layers as ModelLayer[]) : [layer]));

/** `BatchNormalization` is `batch-normalization`. */
const kindOf = (layer: ModelLayer): string =>
  layer
    .getClassName()
    .replace(/([a-z])(?=[A-Z][a-z])/g, "$1-")
    .toLowerCase();

/** Numbered as ours are: tensorflow.js's own names count all models of the process. */
function nameLayers(model: tf.LayersModel): [name: string, layer: ModelLayer][] {
  const counts = new Map<string, number>();
  return leaves(model.layers)
    .filter((layer) => layer.getClassName() !== "InputLayer")
    .map((layer) => {
      const kind = kindOf(layer);
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      return [`${kind}${number}`, layer];
    });
}

type Named<T> = readonly (readonly [name: string, value: T])[];

function nameVariables([name, layer]: readonly [string, ModelLayer]): Named<Variable> {
  const variables = layer.weights;
  const short = variables.map(({ originalName }) => originalName.slice(originalName.lastIndexOf("/") + 1));
  // Layers around others (bidirectional ones) have two of a name.
  return variables.map((variable, i) => {
    const before = short.slice(0, i).filter((other) => other === short[i]).length;
    return [`${name}/${short[i]}${before > 0 ? before + 1 : ""}`, variable];
  });
}

const toSpec = (variable: Variable, initializers: Initializers): ArraySpec => ({
  shape: variable.shape as number[],
  initializer: initializers.get(variable) ?? given(variable.read().dataSync().slice() as Float32Array),
});

const given = (data: Float32Array): Initializer => ({ kind: "drawn", draw: () => data });

interface DropoutLayer extends ModelLayer {
  readonly rate: number;
  getNoiseShape(input: { shape: readonly (number | null)[] }): readonly (number | null)[] | undefined;
}

const isDropout = (layer: ModelLayer): layer is DropoutLayer =>
  layer.getClassName() === "Dropout" || layer.getClassName() === "SpatialDropout1D";

/** The shape of the numbers that a dropout layer reads. @throws GanEvalError `usage.network` where they cannot be inputs */
function dropoutShape(name: string, layer: DropoutLayer): Shape {
  const uses = layer.inboundNodes.length;
  const shape = (layer.input as tf.SymbolicTensor).shape;
  const noise = layer.getNoiseShape({ shape }) ?? shape;
  if (uses === 1 && noise[0] === null) return withoutBatch(noise, `${name}'s`);
  throw new GanEvalError(
    "usage.network",
    `expected dropout of each example by itself, used once, got ${name} with noise of [${noise}], used ${uses} times`,
    { hint: "Use a separate dropout layer in each place, with null first in its noiseShape." },
  );
}

const firstShape = (shape: unknown): Shape => {
  const sides = (Array.isArray((shape as unknown[])[0]) ? (shape as unknown[])[0] : shape) as number[];
  return sides.slice(1);
};

const toRecord = (name: string, layer: ModelLayer): LayerRecord => ({
  name,
  kind: kindOf(layer),
  input: firstShape(layer.inboundNodes[0]?.inputShapes ?? layer.batchInputShape),
  output: firstShape(layer.outputShape),
  parameters: layer.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0),
});

/**
 * Runs `body` with tensors in place of the model's variables and with dropout that reads `noise`. What is written to a
 * variable meanwhile (running statistics) is returned, and the model is as before.
 */
function withTensors(
  variables: Named<Variable>,
  dropouts: Named<DropoutLayer>,
  { weights, buffers, noise = {} }: NetworkArrays,
  mode: Mode,
  body: () => tf.Tensor,
): { readonly output: tf.Tensor; readonly written: Tensors } {
  const kept: Tensors = {};
  try {
    for (const [name, variable] of variables) {
      variable.read = () => (kept[name] ?? weights[name] ?? buffers[name]) as tf.Tensor;
      variable.write = (value) => {
        kept[name]?.dispose();
        // The layer's own tidy would dispose of it.
        kept[name] = tf.keep(value);
        return variable;
      };
    }
    for (const [name, layer] of dropouts)
      layer.call = (inputs) => {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        if (mode === "evaluate" || layer.rate === 0) return x;
        const mask = tf.cast(tf.greaterEqual(noise[`${name}/keep`], layer.rate), "float32");
        return tf.mul(x, tf.div(mask, 1 - layer.rate));
      };
    const output = body();
    const written = Object.entries(kept).map(([name, tensor]) => [name, tf.clone(tensor)]);
    return { output, written: Object.fromEntries(written) };
  } finally {
    for (const tensor of Object.values(kept)) tensor.dispose();
    // The class's own methods come to light again.
    for (const [, variable] of variables) deleteOwn(variable, "read", "write");
    for (const [, layer] of dropouts) deleteOwn(layer, "call");
  }
}

const deleteOwn = (object: object, ...names: string[]): void => {
  for (const name of names) Reflect.deleteProperty(object, name);
};

/**
 * A LayersModel as a network: `weights` are its trainable variables, `buffers` the others (batch norm's moving ones),
 * both by our names, `dense1/kernel`. In training its layers are called with `training: true`, and dropout reads its
 * random numbers from `noise`.
 * @throws GanEvalError `usage.network` for a model of several inputs or outputs, or of unknown shapes
 */
export function layersModelToNetwork(model: tf.LayersModel, initializers: Initializers = new Map()): Network {
  if (model.inputs.length !== 1 || model.outputs.length !== 1)
    throw new GanEvalError(
      "usage.network",
      `expected a model with one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  const layers = nameLayers(model);
  const variables = layers.flatMap(nameVariables);
  const dropouts = layers.filter((named): named is [string, DropoutLayer] => isDropout(named[1]));
  const trainable = new Set(model.trainableWeights);
  const specsOf = (isWeight: boolean): Specs =>
    Object.fromEntries(
      variables
        .filter(([, variable]) => trainable.has(variable) === isWeight)
        .map(([name, variable]) => [name, toSpec(variable, initializers)]),
    );
  return {
    input: withoutBatch(model.inputs[0].shape, "input"),
    output: withoutBatch(model.outputs[0].shape, "output"),
    weights: specsOf(true),
    buffers: specsOf(false),
    noise: Object.fromEntries(dropouts.map(([name, layer]) => [`${name}/keep`, dropoutShape(name, layer)])),
    sides: {},
    marks: {},
    layers: layers.map(([name, layer]) => toRecord(name, layer)),
    apply(x, arrays, mode) {
      const training = mode === "train";
      const { output, written } = withTensors(
        variables,
        dropouts,
        arrays,
        mode,
        () => model.apply(x, { training }) as tf.Tensor,
      );
      const moved = Object.keys(written).length > 0;
      return { output, buffers: moved ? { ...arrays.buffers, ...written } : arrays.buffers, marks: {} };
    },
  };
}
