/** Updates of weights from gradients, to PyTorch's formulas. */
import { PRESET_DEFAULTS } from "./presets.ts";
import type { UpdateKernel, UpdateNumbers } from "./updates/kernels.ts";

export interface OptimizerOptions {
  /** Decay rates: Adam's two; RMSprop's is `decay`; SGD's momentum. */
  readonly b1: number;
  readonly b2: number;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  /** The share of a weight that is added to its gradient before anything is carried, as torch.optim does; 0 if left out. */
  readonly weightDecay?: number;
}

export const OPTIMIZER_DEFAULTS: OptimizerOptions = {
  b1: PRESET_DEFAULTS.b1,
  b2: PRESET_DEFAULTS.b2,
  decay: 0.99,
  momentum: 0,
  epsilon: 1e-8,
};

export interface Optimizer {
  readonly label: string;
  /** Arrays of a weight's shape that are carried along, zero at first; at most two. */
  readonly carries: readonly string[];
  /** The pass over the weights that does it (updates/update.as.ts). */
  readonly kernel: UpdateKernel;
  /** Its numbers at step `t` (from 1) and a rate. */
  readonly numbers: (t: number, rate: number, options: OptimizerOptions) => Partial<UpdateNumbers>;
  readonly source: string;
}

/**
 * Every optimizer, by the name of `--optimizer`. `g` is the gradient, `t` the step.
 *
 * Constant factors are kept out of the pass over the weights: what is carried are sums, M = m / (1 - b1) and
 * V = v / (1 - b2), and the factors are gathered in the numbers.
 */
export const OPTIMIZERS = {
  /** m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon). */
  adam: {
    label: "Adam",
    carries: ["first", "second"],
    kernel: "adam",
    numbers: (t, rate, { b1, b2, epsilon }) => {
      // sqrt(v / (1 - b2^t)) is k sqrt(V).
      const k = Math.sqrt((1 - b2) / (1 - b2 ** t));
      return {
        rate: (rate * (1 - b1)) / (1 - b1 ** t) / k,
        epsilon: epsilon / k,
        firstDecay: b1,
        secondDecay: b2,
      };
    },
    source: "Kingma and Ba 2015; torch.optim.Adam",
  },
  /** v = decay v + (1 - decay) g^2; w -= rate g / (sqrt(v) + epsilon). */
  rmsprop: {
    label: "RMSprop",
    carries: ["second"],
    kernel: "rmsprop",
    numbers: (_t, rate, { decay, epsilon }) => {
      const k = Math.sqrt(1 - decay);
      return { rate: rate / k, epsilon: epsilon / k, firstDecay: decay };
    },
    source: "Hinton's lecture 6e; torch.optim.RMSprop",
  },
  /** u = momentum u + g; w -= rate u. */
  sgd: {
    label: "SGD",
    carries: ["velocity"],
    kernel: "sgd",
    numbers: (_t, rate, { momentum }) => ({ rate, firstDecay: momentum }),
    source: "torch.optim.SGD",
  },
} as const satisfies Readonly<Record<string, Optimizer>>;

export type OptimizerName = keyof typeof OPTIMIZERS;
