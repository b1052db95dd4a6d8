/**
 * Gradients of the kernels that are themselves gradients of convolutions, pools and resizing: each is linear in what it
 * is given, so its own gradient is the forward kernel again. tensorflow.js registers none of them but
 * Conv2DBackpropInput's.
 */
import * as tf from "../tfjs.ts";
import type { GradientRow } from "./row.ts";

type Attrs = tf.NamedAttrMap;

const run = (kernel: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs as unknown as tf.NamedTensorMap, attrs as Attrs) as tf.Tensor;

const DILATION_1 = { dilations: [1, 1] };

/** dW(x, dy): the gradient in x is the input gradient with ddW as filter; in dy the convolution of x with ddW. */
function filterGradient(forward: string, backpropInput: string): GradientRow {
  return {
    inputsToSave: ["x", "dy"],
    gradFunc: (ddw, [x, dy], attrs) => {
      const { filterShape: _, ...shared } = attrs as unknown as { filterShape: number[] };
      const filter = ddw as tf.Tensor;
      return {
        x: () => run(backpropInput, { dy, filter }, { ...DILATION_1, ...shared, inputShape: x.shape }),
        dy: () => run(forward, { x, filter }, { ...DILATION_1, ...shared }),
      };
    },
  };
}

/** dx(dy, w): the gradient in dy is the convolution of ddx; in w the filter gradient of ddx and dy. */
const depthwiseInputGradient: GradientRow = {
  inputsToSave: ["dy", "filter"],
  gradFunc: (ddx, [dy, filter], attrs) => {
    const { inputShape: _, ...shared } = attrs as unknown as { inputShape: number[] };
    const x = ddx as tf.Tensor;
    return {
      dy: () => run("DepthwiseConv2dNative", { x, filter }, { ...DILATION_1, ...shared }),
      filter: () =>
        run(
          "DepthwiseConv2dNativeBackpropFilter",
          { x, dy },
          { ...DILATION_1, ...shared, filterShape: filter.shape },
        ),
    };
  },
};

/** Reads each window's slope back from where it went: the first of the largest elements. */
const maxPoolGradient: GradientRow = {
  inputsToSave: ["input", "output"],
  gradFunc: (ddx, [input, output], attrs) => {
    const { filterSize, strides, pad } = attrs as unknown as tf.MaxPoolAttrs;
    return {
      dy: () => {
        const { indexes } = tf.maxPoolWithArgmax(
          input as tf.Tensor4D,
          filterSize,
          strides,
          pad as "same",
          true,
        );
        return tf.reshape(
          tf.gather(tf.reshape(ddx as tf.Tensor, [-1]), tf.reshape(indexes, [-1])),
          output.shape,
        );
      },
      input: () => tf.zerosLike(input),
      output: () => tf.zerosLike(output),
    };
  },
};

/** How much more of its window an average at the border is made of than tensorflow.js's gradient kernel takes it for. */
function borderCorrection(shape: number[], attrs: tf.AvgPoolAttrs): tf.Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad as "same",
    dimRoundingMode,
  );
  const inside = (out: number, stride: number, before: number, window: number, size: number) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return window / (Math.min(start + window, size) - Math.max(start, 0));
    });
  const rows = inside(info.outHeight, info.strideHeight, info.padInfo.top, info.filterHeight, info.inHeight);
  const columns = inside(info.outWidth, info.strideWidth, info.padInfo.left, info.filterWidth, info.inWidth);
  return tf.tensor(
    rows.flatMap((row) => columns.map((column) => row * column)),
    [1, rows.length, columns.length, 1],
  );
}

/** The gradient of a resize's gradient is the resize. */
const resizeGradient = (forward: string): GradientRow => ({
  inputsToSave: ["images"],
  gradFunc: (ddx, [images], attrs) => ({
    images: () => tf.zerosLike(images),
    dy: () => run(forward, { images: ddx as tf.Tensor }, attrs),
  }),
});

export const windows = {
  Conv2DBackpropFilter: filterGradient("Conv2D", "Conv2DBackpropInput"),
  DepthwiseConv2dNativeBackpropFilter: filterGradient(
    "DepthwiseConv2dNative",
    "DepthwiseConv2dNativeBackpropInput",
  ),
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  MaxPoolGrad: maxPoolGradient,
  // Averages leave padding out of the divisor; tensorflow.js's gradient kernel divides by the whole window there too.
  AvgPool: {
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const slope = tf.mul(dy as tf.Tensor, borderCorrection(x.shape, attrs as unknown as tf.AvgPoolAttrs));
        return run("AvgPoolGrad", { dy: slope, input: x }, attrs);
      },
    }),
  },
  AvgPoolGrad: {
    inputsToSave: ["input"],
    gradFunc: (ddx, [input], attrs) => ({
      dy: () => {
        const average = run("AvgPool", { x: ddx as tf.Tensor }, attrs);
        return tf.div(average, borderCorrection(input.shape, attrs as unknown as tf.AvgPoolAttrs));
      },
      input: () => tf.zerosLike(input),
    }),
  },
  ResizeBilinearGrad: resizeGradient("ResizeBilinear"),
  ResizeNearestNeighborGrad: resizeGradient("ResizeNearestNeighbor"),
} as const satisfies Record<string, GradientRow>;
