/**
 * One update of a player's weights as a function of tensors: what WebAssembly does in passes over memory
 * (updates/update.as.ts), for a device.
 */
import type { InputSpec, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { OPTIMIZERS, type OptimizerName } from "../optimizers.ts";
import type { UpdateKernel } from "../updates/kernels.ts";
import { type FlatLayout, flatToParts, tensorsToFlat } from "./flat-arrays.ts";

/** Numbers that an update is given, in the order in which they lie in its input `numbers`. */
export const DEVICE_NUMBERS = [
  "rate",
  "epsilon",
  "firstDecay",
  "secondDecay",
  "bound",
  "decay",
  "gradientClip",
  "averageDecay",
  "averageRest",
] as const;

export type DeviceNumbers = Readonly<Record<(typeof DEVICE_NUMBERS)[number], number>>;

type Numbers = Readonly<Record<(typeof DEVICE_NUMBERS)[number], tf.Tensor>>;

/** What an optimizer carries on, and what it takes from the weights. */
interface Moved {
  readonly carried: readonly tf.Tensor[];
  readonly step: tf.Tensor;
}

/** By the optimizer's kernel: the formulas of updates/update.as.ts. */
const MOVES: Readonly<
  Record<UpdateKernel, (g: tf.Tensor, carried: readonly tf.Tensor[], numbers: Numbers) => Moved>
> = {
  adam: (g, [first, second], { rate, epsilon, firstDecay, secondDecay }) => {
    const m = tf.add(tf.mul(firstDecay, first), g);
    const v = tf.add(tf.mul(secondDecay, second), tf.mul(g, g));
    return { carried: [m, v], step: tf.div(tf.mul(rate, m), tf.add(tf.sqrt(v), epsilon)) };
  },
  rmsprop: (g, [second], { rate, epsilon, firstDecay }) => {
    const v = tf.add(tf.mul(firstDecay, second), tf.mul(g, g));
    return { carried: [v], step: tf.div(tf.mul(rate, g), tf.add(tf.sqrt(v), epsilon)) };
  },
  sgd: (g, [velocity], { rate, firstDecay }) => {
    const u = tf.add(tf.mul(firstDecay, velocity), g);
    return { carried: [u], step: tf.mul(rate, u) };
  },
};

/** What an update of a player consists of. */
export interface UpdateRules {
  readonly optimizer: OptimizerName;
  readonly isClipped: boolean;
  readonly isBounded: boolean;
  readonly hasDecay: boolean;
  readonly isAveraged: boolean;
  /** Whether norms are given. */
  readonly measures: boolean;
}

/** Where a player's arrays lie in its flat ones. */
export interface PlayerLayouts {
  readonly weights: FlatLayout;
  readonly buffers: FlatLayout;
  /** Whether a buffer is a direction, whose average is brought to length 1 again; one for each place. */
  readonly directions: readonly boolean[];
}

/** Rows of the output `norms`, `[rows, arrays]`: sums of squares, and how many entries are exactly 0. */
export const NORM_ROWS = ["gradients", "weights", "steps", "zeros"] as const;

/** Numbers that are summed one after the other: their rounding stays below 1e-5. */
const ROW = 512;

/** The sum of a flat tensor, row by row: in one pass of float32 a million equal numbers would be off in the third digit. */
function sumByRows(x: tf.Tensor): tf.Tensor {
  if (x.size <= ROW) return tf.sum(x);
  const rows = Math.floor(x.size / ROW);
  const flat = x as tf.Tensor1D;
  const sums = tf.sum(tf.reshape(tf.slice1d(flat, 0, rows * ROW), [rows, ROW]), 1);
  const rest = x.size - rows * ROW;
  return rest === 0 ? sumByRows(sums) : tf.add(sumByRows(sums), tf.sum(tf.slice1d(flat, rows * ROW, rest)));
}

const partsToSums = (flat: tf.Tensor, layout: FlatLayout, of: (part: tf.Tensor) => tf.Tensor): tf.Tensor =>
  tf.stack(flatToParts(flat, layout).map((part) => sumByRows(of(part))));

function bufferAverages(averages: tf.Tensor, { buffers, directions }: PlayerLayouts): tf.Tensor {
  if (!directions.includes(true)) return averages;
  return tensorsToFlat(
    flatToParts(averages, buffers).map((part, i) =>
      directions[i] ? tf.div(part, tf.maximum(tf.norm(part), 1e-30)) : part,
    ),
  );
}

/** The names of what an update takes and gives on: `weights`, what the optimizer carries, and the averages. */
export const updateToCarried = (
  { optimizer, isAveraged }: UpdateRules,
  { buffers }: PlayerLayouts,
): string[] => [
  "weights",
  ...OPTIMIZERS[optimizer].carries,
  ...(isAveraged ? ["averages", ...(buffers.size > 0 ? ["averageBuffers"] : [])] : []),
];

/** The types of what an update is given. */
export function updateToSignature(rules: UpdateRules, layouts: PlayerLayouts): Record<string, InputSpec> {
  const { weights, buffers } = layouts;
  const readsBuffers = rules.isAveraged && buffers.size > 0;
  return {
    numbers: { shape: [DEVICE_NUMBERS.length] },
    gradients: { shape: [weights.size] },
    ...(readsBuffers && { buffers: { shape: [buffers.size] } }),
    ...Object.fromEntries(
      updateToCarried(rules, layouts).map((name) => [
        name,
        { shape: [name === "averageBuffers" ? buffers.size : weights.size] },
      ]),
    ),
  };
}

/**
 * One update. Bounds of the gradients' norm come first, as torch.nn.utils.clip_grad_norm_ has it but for its 1e-6; weight
 * decay is added as torch.optim does.
 */
export const updateFunction =
  (rules: UpdateRules, layouts: PlayerLayouts) =>
  (inputs: Tensors): Tensors => {
    const { optimizer, isClipped, isBounded, hasDecay, isAveraged, measures } = rules;
    const numbers = Object.fromEntries(
      DEVICE_NUMBERS.map((name, i) => [name, tf.slice1d(inputs.numbers as tf.Tensor1D, i, 1)]),
    ) as Numbers;
    const { weights } = inputs;
    const { carries, kernel } = OPTIMIZERS[optimizer];
    let gradients: tf.Tensor = inputs.gradients;
    if (isClipped) {
      const norm = tf.sqrt(sumByRows(tf.mul(gradients, gradients)));
      const factor = tf.minimum(1, tf.div(numbers.gradientClip, tf.maximum(norm, 1e-30)));
      gradients = tf.mul(gradients, factor);
    }
    const drawn = hasDecay ? tf.add(gradients, tf.mul(numbers.decay, weights)) : gradients;
    const carried = carries.map((what) => inputs[what]);
    const moved = MOVES[kernel](drawn, carried, numbers);
    const free = tf.sub(weights, moved.step);
    const next = isBounded ? tf.minimum(tf.maximum(free, tf.neg(numbers.bound)), numbers.bound) : free;
    const outputs: Tensors = { weights: next };
    for (const [i, what] of carries.entries()) outputs[what] = moved.carried[i];
    if (isAveraged) {
      const blend = (average: tf.Tensor, x: tf.Tensor) =>
        tf.add(tf.mul(numbers.averageDecay, average), tf.mul(numbers.averageRest, x));
      outputs.averages = blend(inputs.averages, next);
      if (layouts.buffers.size > 0)
        outputs.averageBuffers = bufferAverages(blend(inputs.averageBuffers, inputs.buffers), layouts);
    }
    if (measures) {
      const square = (x: tf.Tensor) => tf.mul(x, x);
      const rows: Record<(typeof NORM_ROWS)[number], tf.Tensor> = {
        gradients: partsToSums(gradients, layouts.weights, square),
        weights: partsToSums(weights, layouts.weights, square),
        steps: partsToSums(moved.step, layouts.weights, square),
        zeros: partsToSums(gradients, layouts.weights, (part) => tf.cast(tf.equal(part, 0), "float32")),
      };
      outputs.norms = tf.stack(NORM_ROWS.map((row) => rows[row]));
    }
    return outputs;
  };
