/** Layers that look at one number, or one channel, at a time. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { type Shape, sizeOf } from "./shapes.ts";

export const leakyRelu: LayerRow<{ readonly slope: number }> = {
  apply: (x, _arrays, { slope }) => ({ output: tf.leakyRelu(x, slope) }),
};

export const relu: LayerRow<object> = { apply: (x) => ({ output: tf.relu(x) }) };

/** max(x, 0) + slope min(x, 0) with one learnt slope, 0.25 before training: torch.nn.PReLU. He et al. 2015. */
export const parametricRelu: LayerRow<object> = {
  weights: () => ({ slope: { shape: [1], initializer: { kind: "drawn", draw: () => [0.25] } } }),
  apply: (x, { weights: { slope } }) => ({ output: tf.prelu(x, slope) }),
};

/** Times a constant. */
export const scale: LayerRow<{ readonly factor: number }> = {
  apply: (x, _arrays, { factor }) => ({ output: tf.mul(x, factor) }),
};

export const tanh: LayerRow<object> = { apply: (x) => ({ output: tf.tanh(x) }) };

export interface SigmoidOptions {
  /** The values it comes near to; 0 and 1 if left out. */
  readonly range?: readonly [low: number, high: number];
}

export const sigmoid: LayerRow<SigmoidOptions> = {
  apply: (x, _arrays, { range: [low, high] = [0, 1] }) => {
    const share = tf.sigmoid(x);
    return { output: low === 0 && high === 1 ? share : tf.add(tf.mul(share, high - low), low) };
  },
};

export interface DropoutOptions {
  /** The probability of being left out, in [0, 1); what stays is scaled up for it. */
  readonly rate: number;
}

const dropoutRow = (noise: (input: Shape) => Shape): LayerRow<DropoutOptions> => ({
  noise: (input) => ({ keep: noise(input) }),
  apply: (x, { noise: { keep } }, { rate }, mode) => {
    if (mode === "evaluate" || rate === 0) return { output: x };
    const mask = tf.cast(tf.greaterEqual(keep, rate), "float32");
    return { output: tf.mul(x, tf.div(mask, 1 - rate)) };
  },
});

/** Leaves single numbers out. */
export const dropout = dropoutRow((input) => input);

/** Leaves whole channels of an example out. */
export const channelDropout = dropoutRow((input) =>
  input.map((side, axis) => (axis === input.length - 1 ? side : 1)),
);

export interface ReshapeOptions {
  readonly shape: Shape;
}

export const reshape: LayerRow<ReshapeOptions> = {
  output: (input, { shape }) => {
    if (sizeOf(input) === sizeOf(shape)) return shape;
    throw new GanEvalError("usage.network", `expected ${sizeOf(input)} numbers in a shape, got [${shape}]`);
  },
  apply: (x, _arrays, { shape }) => ({ output: tf.reshape(x, [x.shape[0], ...shape]) }),
};

/** Names the value at this place, which comes back beside the output. */
export const mark: LayerRow<{ readonly name: string }> = {
  marks: (input, { name }) => ({ [name]: input }),
  apply: (x, _arrays, { name }) => ({ output: x, marks: { [name]: x } }),
};
