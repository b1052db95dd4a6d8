/** The gradient of a convolution with respect to its image. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { convolve, convolveTransposed, denseFilter, turned, type Windows } from "./channels-first.ts";
import { reversed } from "./shaping.ts";

/** [height, width, in, out] to [in, out, height, width], turned by half a turn: its taps in reverse. */
function turnedFilter(g: GraphBuilder, filter: Value): Value {
  const [height, width, from, to] = filter.shape;
  const listed = reversed(g, g.reshape(filter, [height * width, from, to]), [0]);
  return g.reshape(g.transpose(listed, [1, 2, 0]), [from, to, height, width]);
}

/**
 * At stride 1 a convolution in turned windows: ONNX Runtime's ConvTranspose makes all products first, to add them up in
 * one thread after, and takes half as long again.
 * @param dy channels first
 * @param filter `[height, width, in, out]`
 */
export function inputGradient(g: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  const around = turned(windows);
  if (around === undefined) return convolveTransposed(g, dy, denseFilter(g, filter), windows);
  return convolve(g, dy, turnedFilter(g, filter), around);
}

/** What an input gradient was computed of; dy channels first. */
interface InputGradient {
  readonly dy: Value;
  readonly filter: Value;
  readonly windows: Windows;
}

const made = new WeakMap<Value, InputGradient>();

/** Notes, for a step after it that can do better with the parts, what a value is. */
export const rememberInputGradient = (gradient: Value, parts: InputGradient): void => {
  made.set(gradient, parts);
};

export const inputGradientOf = (value: Value): InputGradient | undefined => made.get(value);
