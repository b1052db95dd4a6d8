/** The gradient of a convolution with respect to its picture. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { convolve, convolveTransposed, denseFilter, type Windows } from "./channels-first.ts";

/**
 * The convolution that gives the same as the transpose of one of stride 1; undefined where it would need negative
 * padding. ONNX Runtime's ConvTranspose makes all products first and adds them up in one thread after: it takes half as
 * long again.
 */
function turnedWindows({ size, input, output, strides, dilations, pads }: Windows): Windows | undefined {
  if (strides[0] * strides[1] !== 1) return undefined;
  const reach = size.map((side, axis) => dilations[axis] * (side - 1));
  const turned = pads.map((pad, i) => reach[i % 2] - pad) as [number, number, number, number];
  if (turned.some((pad) => pad < 0)) return undefined;
  return { size, input: output, output: input, strides, dilations, pads: turned };
}

/** [height, width, in, out] to [in, out, height, width], turned by half a turn. */
function turnedFilter(g: GraphBuilder, filter: Value): Value {
  const [height, width, from, to] = filter.shape;
  const taps = height * width;
  const reversed =
    taps === 1
      ? g.reshape(filter, [1, from, to])
      : g.op("Slice", [
          g.reshape(filter, [taps, from, to]),
          g.list([taps - 1]),
          g.list([-Number.MAX_SAFE_INTEGER]),
          g.list([0]),
          g.list([-1]),
        ]);
  return g.reshape(g.transpose(reversed, [1, 2, 0]), [from, to, height, width]);
}

/**
 * @param dy channels first
 * @param filter `[height, width, in, out]`
 */
export function inputGradient(g: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  const turned = turnedWindows(windows);
  if (turned === undefined) return convolveTransposed(g, dy, denseFilter(g, filter), windows);
  return convolve(g, dy, turnedFilter(g, filter), turned);
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
