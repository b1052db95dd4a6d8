/**
 * Zero gradients of piecewise constant kernels. tensorflow.js registers none for most of them, so that the gradient
 * of leakyRelu's or maximum's gradient, which compare, fails.
 */
import type { Tensor } from "../tfjs.ts";
import { type GradientRow, zeros } from "./row.ts";

function zeroGradient(...inputsToSave: string[]): GradientRow {
  return {
    inputsToSave,
    gradFunc: (_dy, saved: Tensor[]) =>
      Object.fromEntries(inputsToSave.map((input, i) => [input, zeros(saved[i])])),
  };
}

export const comparisons = {
  Equal: zeroGradient("a", "b"),
  Greater: zeroGradient("a", "b"),
  // tensorflow.js's own answers int32 inputs with int32 zeros, which its backward pass refuses.
  GreaterEqual: zeroGradient("a", "b"),
  Less: zeroGradient("a", "b"),
  LessEqual: zeroGradient("a", "b"),
  LogicalAnd: zeroGradient("a", "b"),
  LogicalNot: zeroGradient("x"),
  LogicalOr: zeroGradient("a", "b"),
  NotEqual: zeroGradient("a", "b"),
} as const satisfies Record<string, GradientRow>;
