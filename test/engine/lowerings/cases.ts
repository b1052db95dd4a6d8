import type { KernelName } from "../../../src/engine/kernels.ts";
import { backend_util } from "../../../src/engine/tfjs.ts";
import type { Draw, DrawnTensor } from "./draw.ts";

/** One call of a kernel: inputs and attributes, and which inputs have a gradient to compare. */
export interface KernelCase {
  readonly inputs: Record<string, DrawnTensor> | DrawnTensor[];
  readonly attrs?: Record<string, unknown>;
  readonly gradientOf?: readonly string[];
}

type Case = (draw: Draw) => KernelCase;

/** A unary float kernel on values in [low, high]. */
const unary =
  (low = -2, high = 2, gradient = true): Case =>
  (draw) => ({ inputs: { x: draw.floats(draw.shape(), low, high) }, gradientOf: gradient ? ["x"] : [] });

/** Two shapes that broadcast together. */
function broadcastable(draw: Draw): [number[], number[]] {
  const shape = draw.shape(0, 4);
  const thin = shape.map((dim) => (draw.flag() ? 1 : dim)).slice(draw.int(0, shape.length));
  return draw.flag() ? [shape, thin] : [thin, shape];
}

const binary =
  (make: (draw: Draw, shape: number[]) => DrawnTensor, gradient = true): Case =>
  (draw) => {
    const [a, b] = broadcastable(draw);
    return { inputs: { a: make(draw, a), b: make(draw, b) }, gradientOf: gradient ? ["a", "b"] : [] };
  };

const floats =
  (low = -2, high = 2) =>
  (draw: Draw, shape: number[]) =>
    draw.floats(shape, low, high);
const mixed = (draw: Draw, shape: number[]) => draw.ints(shape, -3, 3);
const truths = (draw: Draw, shape: number[]) => draw.bools(shape);

/** Integers half the time. */
const comparison: Case = (draw) => binary(draw.flag() ? mixed : floats(), false)(draw);

const reduction =
  (make: (draw: Draw, shape: number[]) => DrawnTensor, gradient: boolean, name = "axis"): Case =>
  (draw) => {
    const x = make(draw, draw.shape(1, 4));
    return {
      inputs: { x },
      attrs: { [name]: draw.axes(x.shape.length), keepDims: draw.flag() },
      gradientOf: gradient ? ["x"] : [],
    };
  };

const window = (draw: Draw) => ({
  strides: [draw.int(1, 2), draw.int(1, 2)] as [number, number],
  pad: draw.pick(["valid", "same", 1] as const),
});

const image = (draw: Draw): number[] => [draw.int(1, 2), draw.int(5, 8), draw.int(5, 8), draw.int(1, 3)];

/** With numeric padding tensorflow.js takes the height's filter and stride for the width too. */
function squareWindow(attrs: { strides: number[]; dilations: number[] }, filter: number[]) {
  filter[1] = filter[0];
  return {
    strides: [attrs.strides[0], attrs.strides[0]],
    dilations: [attrs.dilations[0], attrs.dilations[0]],
  };
}

function convolution(draw: Draw, depthwise: boolean) {
  const x = image(draw);
  const strided = draw.flag();
  const attrs = {
    ...window(draw),
    dataFormat: "NHWC" as const,
    dilations: (strided ? [1, 1] : [draw.int(1, 2), draw.int(1, 2)]) as [number, number],
    dimRoundingMode: undefined as "floor" | undefined,
  };
  if (typeof attrs.pad === "number") attrs.dimRoundingMode = "floor";
  if (!strided) attrs.strides = [1, 1];
  const filter = [draw.int(1, 3), draw.int(1, 3), x[3], draw.int(1, 3)];
  if (typeof attrs.pad === "number") Object.assign(attrs, squareWindow(attrs, filter));
  const info = backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides,
    attrs.dilations,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
  );
  return { x, filter, attrs, out: info.outShape };
}

const conv2d =
  (depthwise: boolean): Case =>
  (draw) => {
    const { x, filter, attrs } = convolution(draw, depthwise);
    // tensorflow.js has no gradient of a dilated convolution.
    const gradient = attrs.dilations.every((d) => d === 1);
    return {
      inputs: { x: draw.floats(x), filter: draw.floats(filter) },
      attrs,
      gradientOf: gradient ? ["x", "filter"] : [],
    };
  };

const fused =
  (depthwise: boolean): Case =>
  (draw) => {
    const { x, filter, attrs, out } = convolution(draw, depthwise);
    const activation = draw.pick(["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"]);
    const inputs: Record<string, DrawnTensor> = { x: draw.floats(x), filter: draw.floats(filter) };
    if (draw.flag()) inputs.bias = draw.floats([out[3]]);
    if (activation === "prelu") inputs.preluActivationWeights = draw.floats([out[3]]);
    return { inputs, attrs: { ...attrs, activation, leakyreluAlpha: 0.3 } };
  };

const backpropInput =
  (depthwise: boolean): Case =>
  (draw) => {
    const { x, filter, attrs, out } = convolution(draw, depthwise);
    const { dilations, ...rest } = attrs;
    // tensorflow.js's cpu kernels leave dilation out of the gradients.
    if (dilations.some((d) => d > 1)) return backpropInput(depthwise)(draw);
    return {
      inputs: { dy: draw.floats(out), filter: draw.floats(filter) },
      attrs: { ...rest, ...(depthwise ? { dilations } : {}), inputShape: x },
      gradientOf: depthwise ? [] : ["dy", "filter"],
    };
  };

const backpropFilter =
  (depthwise: boolean): Case =>
  (draw) => {
    const { x, filter, attrs, out } = convolution(draw, depthwise);
    const { dilations, ...rest } = attrs;
    if (dilations.some((d) => d > 1)) return backpropFilter(depthwise)(draw);
    return {
      inputs: { x: draw.floats(x), dy: draw.floats(out) },
      attrs: { ...rest, ...(depthwise ? { dilations } : {}), filterShape: filter },
    };
  };

function pool(draw: Draw) {
  const x = image(draw);
  const attrs = { filterSize: [draw.int(1, 3), draw.int(1, 3)] as [number, number], ...window(draw) };
  if (attrs.pad === 1) {
    attrs.filterSize = [draw.int(2, 3), 0];
    attrs.filterSize[1] = attrs.filterSize[0];
    attrs.strides[1] = attrs.strides[0];
  }
  const info = backend_util.computePool2DInfo(
    x as [number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    "floor",
  );
  return { x, attrs, out: info.outShape };
}

const product: Case = (draw) => {
  const [m, k, n] = [draw.int(1, 4), draw.int(1, 4), draw.int(1, 4)];
  const [transposeA, transposeB] = [draw.flag(), draw.flag()];
  const batch = draw.int(1, 3);
  const thin = draw.flag() ? 1 : batch;
  return {
    inputs: {
      a: draw.floats([batch, ...(transposeA ? [k, m] : [m, k])]),
      b: draw.floats([thin, ...(transposeB ? [n, k] : [k, n])]),
    },
    attrs: { transposeA, transposeB },
    gradientOf: thin === batch ? ["a", "b"] : [],
  };
};

const running: Case = (draw) => {
  const x = draw.floats(draw.shape(1, 3), 0.5, 2);
  const attrs = { axis: draw.int(0, x.shape.length - 1), exclusive: draw.flag(), reverse: draw.flag() };
  return { inputs: { x }, attrs };
};

const resize =
  (gradient: boolean): Case =>
  (draw) => {
    // In the gradients tensorflow.js's cpu kernels swap height and width (bilinear) and mistake the batch (nearest).
    const images = gradient ? [1, 6, 6, 2] : image(draw);
    const alignCorners = draw.flag();
    const factor = draw.pick([1, 2, 3]);
    const size = draw.flag() ? [images[1] * factor, images[2] * factor] : [draw.int(2, 12), draw.int(2, 12)];
    const attrs = { alignCorners, halfPixelCenters: !alignCorners && !gradient && draw.flag(), size };
    return {
      inputs: {
        images: draw.floats(images),
        ...(gradient ? { dy: draw.floats([images[0], ...size, images[3]]) } : {}),
      },
      attrs,
    };
  };

const listOf = (draw: Draw, shape: (i: number) => number[], make = floats()): DrawnTensor[] =>
  Array.from({ length: draw.int(1, 3) }, (_, i) => make(draw, shape(i)));

/** One case per kernel; a kernel without one does not compile. */
export const CASES: { readonly [K in KernelName]: Case } = {
  Abs: unary(0.1),
  Acos: unary(-0.9, 0.9),
  Acosh: unary(1.1, 4),
  Add: binary(floats()),
  AddN: (draw) => {
    const shape = draw.shape();
    return { inputs: listOf(draw, () => shape) };
  },
  All: reduction(truths, false),
  Any: reduction(truths, false),
  ArgMax: (draw) => {
    const x = draw.distinct(draw.shape(1, 4));
    return { inputs: { x }, attrs: { axis: draw.int(0, x.shape.length - 1) } };
  },
  ArgMin: (draw) => CASES.ArgMax(draw),
  Asin: unary(-0.9, 0.9),
  Asinh: unary(),
  Atan: unary(),
  Atan2: binary(floats()),
  Atanh: unary(-0.9, 0.9),
  AvgPool: (draw) => {
    const { x, attrs } = pool(draw);
    return { inputs: { x: draw.floats(x) }, attrs, gradientOf: ["x"] };
  },
  AvgPoolGrad: (draw) => {
    const { x, attrs, out } = pool(draw);
    return { inputs: { dy: draw.floats(out), input: draw.floats(x) }, attrs };
  },
  BatchMatMul: product,
  BatchToSpaceND: (draw) => {
    const block = [draw.int(1, 2), draw.int(1, 3)];
    const crops = [0, 1].map(() => [draw.int(0, 1), draw.int(0, 1)]);
    const x = [draw.int(1, 2) * block[0] * block[1], draw.int(3, 4), draw.int(3, 4), draw.int(1, 2)];
    return { inputs: { x: draw.floats(x) }, attrs: { blockShape: block, crops }, gradientOf: ["x"] };
  },
  Cast: (draw) => {
    const shape = draw.shape();
    const x = draw.pick([draw.floats(shape), draw.ints(shape, -1, 1), draw.bools(shape)]);
    return { inputs: { x }, attrs: { dtype: draw.pick(["float32", "int32", "bool"]) } };
  },
  Ceil: unary(),
  ClipByValue: (draw) => ({
    inputs: { x: draw.floats(draw.shape()) },
    attrs: { clipValueMin: -1, clipValueMax: 0.5 },
    gradientOf: ["x"],
  }),
  Concat: (draw) => {
    const shape = draw.shape(1, 4);
    const axis = draw.int(0, shape.length - 1);
    return { inputs: listOf(draw, () => shape.with(axis, draw.int(1, 3))), attrs: { axis } };
  },
  Conv2D: conv2d(false),
  Conv2DBackpropFilter: backpropFilter(false),
  Conv2DBackpropInput: backpropInput(false),
  Cos: unary(),
  Cosh: unary(),
  Cumprod: running,
  Cumsum: (draw) => ({ ...running(draw), gradientOf: ["x"] }),
  DepthToSpace: (draw) => {
    const block = draw.int(2, 3);
    const x = [draw.int(1, 2), draw.int(1, 3), draw.int(1, 3), block * block * draw.int(1, 2)];
    return {
      inputs: { x: draw.floats(x) },
      attrs: { blockSize: block, dataFormat: "NHWC" },
      gradientOf: ["x"],
    };
  },
  DepthwiseConv2dNative: conv2d(true),
  DepthwiseConv2dNativeBackpropFilter: backpropFilter(true),
  DepthwiseConv2dNativeBackpropInput: backpropInput(true),
  Einsum: (draw) => {
    const [i, j, k] = [draw.int(1, 4), draw.int(1, 4), draw.int(1, 4)];
    const equation = draw.pick(["ij,jk->ik", "ij,jk->ki"]);
    return { inputs: [draw.floats([i, j]), draw.floats([j, k])], attrs: { equation } };
  },
  Elu: unary(),
  EluGrad: (draw) => {
    const shape = draw.shape();
    return { inputs: { dy: draw.floats(shape), y: draw.floats(shape, -0.9) } };
  },
  Equal: comparison,
  Erf: unary(),
  Exp: unary(),
  ExpandDims: (draw) => {
    const input = draw.floats(draw.shape(0, 3));
    return { inputs: { input }, attrs: { dim: draw.int(0, input.shape.length) }, gradientOf: ["input"] };
  },
  Expm1: (draw) => unary(...draw.pick([[-2, 2] as const, [-1e-4, 1e-4] as const]))(draw),
  Fill: (draw) => ({
    inputs: {},
    attrs: { shape: draw.shape(), value: draw.int(-3, 3), dtype: draw.pick(["float32", "int32"]) },
  }),
  FlipLeftRight: (draw) => ({ inputs: { image: draw.floats(image(draw)) } }),
  Floor: unary(),
  FloorDiv: binary((draw, shape) => (draw.flag() ? draw.ints(shape, 1, 9) : draw.ints(shape, -9, -1)), false),
  FusedBatchNorm: (draw) => {
    const x = draw.shape(2, 4);
    const channel = [x.at(-1)!];
    const inputs: Record<string, DrawnTensor> = {
      x: draw.floats(x),
      mean: draw.floats(channel),
      variance: draw.floats(channel, 0.1, 2),
    };
    if (draw.flag()) inputs.scale = draw.floats(channel);
    if (draw.flag()) inputs.offset = draw.floats(channel);
    return { inputs, attrs: { varianceEpsilon: 1e-3 } };
  },
  FusedConv2D: fused(false),
  FusedDepthwiseConv2D: fused(true),
  GatherNd: (draw) => {
    const params = draw.floats([3, 4, draw.int(1, 3)]);
    const depth = draw.int(1, 2);
    return { inputs: { params, indices: draw.ints([draw.int(1, 4), depth], 0, 2) } };
  },
  GatherV2: (draw) => {
    const x = [3, ...draw.shape(1, 3)];
    const batchDims = draw.int(0, 1);
    const axis = draw.int(batchDims, x.length - 1);
    const indices = draw.ints(batchDims === 1 ? [3, draw.int(1, 3)] : draw.shape(1, 2), 0, x[axis] - 1);
    return {
      inputs: { x: draw.floats(x), indices },
      attrs: { axis, batchDims },
      gradientOf: batchDims === 0 ? ["x"] : [],
    };
  },
  Greater: comparison,
  GreaterEqual: comparison,
  Identity: unary(),
  IsFinite: (draw) => CASES.IsNan(draw),
  IsInf: (draw) => CASES.IsNan(draw),
  IsNan: (draw) => {
    const x = draw.floats(draw.shape(1, 3));
    x.data[0] = draw.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]);
    return { inputs: { x } };
  },
  LeakyRelu: (draw) => ({
    inputs: { x: draw.floats(draw.shape()) },
    attrs: { alpha: draw.pick([0.01, 0.2]) },
    gradientOf: ["x"],
  }),
  Less: comparison,
  LessEqual: comparison,
  LinSpace: (draw) => ({ inputs: {}, attrs: { start: -1, stop: draw.int(0, 5), num: draw.int(1, 7) } }),
  Log: unary(0.1, 4),
  Log1p: (draw) => unary(...draw.pick([[-0.8, 4] as const, [-1e-4, 1e-4] as const]))(draw),
  LogicalAnd: binary(truths, false),
  LogicalNot: (draw) => ({ inputs: { x: draw.bools(draw.shape()) } }),
  LogicalOr: binary(truths, false),
  Max: reduction((draw, shape) => draw.distinct(shape), true, "reductionIndices"),
  MaxPool: (draw) => {
    const { x, attrs } = pool(draw);
    return { inputs: { x: draw.distinct(x) }, attrs, gradientOf: ["x"] };
  },
  MaxPoolGrad: (draw) => {
    const { x, attrs, out } = pool(draw);
    return {
      inputs: { dy: draw.floats(out), input: draw.distinct(x), output: draw.floats(out) },
      attrs,
    };
  },
  MaxPoolWithArgmax: (draw) => {
    const { x, attrs } = pool(draw);
    // tensorflow.js's cpu kernel takes no numeric padding here.
    const pad = attrs.pad === 1 ? "valid" : attrs.pad;
    return { inputs: { x: draw.distinct(x) }, attrs: { ...attrs, pad, includeBatchInIndex: draw.flag() } };
  },
  Maximum: binary(floats()),
  Mean: reduction(floats(), true),
  Min: reduction((draw, shape) => draw.distinct(shape), true),
  Minimum: binary(floats()),
  MirrorPad: (draw) => {
    const x = draw.floats([draw.int(3, 4), draw.int(3, 4)]);
    const paddings = x.shape.map(() => [draw.int(0, 2), draw.int(0, 2)]);
    return {
      inputs: { x },
      attrs: { paddings, mode: draw.pick(["reflect", "symmetric"]) },
      gradientOf: ["x"],
    };
  },
  Mod: binary(
    (draw, shape) => (draw.flag() ? draw.floats(shape, 0.5, 3) : draw.floats(shape, -3, -0.5)),
    false,
  ),
  Multiply: binary(floats()),
  Neg: unary(),
  NotEqual: comparison,
  OneHot: (draw) => {
    const depth = draw.int(1, 5);
    return {
      inputs: { indices: draw.ints(draw.shape(1, 3), 0, depth - 1) },
      attrs: { depth, onValue: 1, offValue: draw.pick([0, -1]), dtype: draw.pick(["float32", "int32"]) },
    };
  },
  OnesLike: unary(),
  Pack: (draw) => {
    const shape = draw.shape(0, 3);
    return { inputs: listOf(draw, () => shape), attrs: { axis: draw.int(0, shape.length) } };
  },
  PadV2: (draw) => {
    const x = draw.floats(draw.shape(1, 4));
    const paddings = x.shape.map(() => [draw.int(0, 2), draw.int(0, 2)]);
    return { inputs: { x }, attrs: { paddings, constantValue: draw.pick([0, 1.5]) }, gradientOf: ["x"] };
  },
  Pow: binary(floats(0.3, 2)),
  Prelu: (draw) => {
    const x = draw.floats(draw.shape(1, 3));
    return {
      inputs: { x, alpha: draw.floats([draw.pick([1, x.shape.at(-1)!])]) },
      gradientOf: ["x", "alpha"],
    };
  },
  Prod: reduction(floats(0.5, 2), false),
  Range: (draw) => ({
    inputs: {},
    attrs: {
      start: 0,
      stop: draw.int(1, 9),
      step: draw.pick([1, 2]),
      dtype: draw.pick(["float32", "int32"]),
    },
  }),
  RealDiv: binary(floats(0.5, 2)),
  Reciprocal: unary(0.2, 2),
  Relu: unary(),
  Relu6: unary(-3, 9),
  Reshape: (draw) => {
    const x = draw.floats(draw.shape(1, 4));
    const size = x.data.length;
    return { inputs: { x }, attrs: { shape: draw.pick([[size], [1, -1], [size, 1]]) }, gradientOf: ["x"] };
  },
  ResizeBilinear: resize(false),
  ResizeBilinearGrad: resize(true),
  ResizeNearestNeighbor: resize(false),
  ResizeNearestNeighborGrad: resize(true),
  Reverse: (draw) => {
    const x = draw.floats(draw.shape(1, 4));
    return { inputs: { x }, attrs: { dims: draw.axes(x.shape.length) }, gradientOf: ["x"] };
  },
  Round: unary(),
  Rsqrt: unary(0.2, 4),
  ScatterNd: (draw) => {
    const rows = draw.int(1, 4);
    const width = draw.int(1, 3);
    return {
      inputs: { indices: draw.ints([rows, 1], 0, 3), updates: draw.floats([rows, width]) },
      attrs: { shape: [4, width] },
    };
  },
  Select: (draw) => {
    const shape = draw.shape(1, 3);
    // tensorflow.js's cpu kernel picks single elements where a condition of rank 1 should choose rows.
    const condition = draw.bools(shape);
    return { inputs: { condition, t: draw.floats(shape), e: draw.floats(shape) } };
  },
  Selu: unary(),
  Sigmoid: unary(),
  Sign: unary(),
  Sin: unary(),
  Sinh: unary(),
  Slice: (draw) => {
    const x = draw.floats(draw.shape(1, 4));
    const begin = x.shape.map((dim) => draw.int(0, dim - 1));
    const size = x.shape.map((dim, axis) => draw.pick([-1, draw.int(1, dim - begin[axis])]));
    return { inputs: { x }, attrs: { begin, size }, gradientOf: ["x"] };
  },
  Softmax: (draw) => {
    const logits = draw.floats(draw.shape(1, 3));
    return { inputs: { logits }, attrs: { dim: logits.shape.length - 1 }, gradientOf: ["logits"] };
  },
  Softplus: unary(-20, 20),
  SpaceToBatchND: (draw) => {
    const block = [draw.int(1, 2), draw.int(1, 3)];
    const paddings = block.map((size) => [0, size - 1 + draw.pick([0, size])]);
    const x = [draw.int(1, 2), ...paddings.map(([, after], i) => block[i] * 3 - (after % block[i])), 2];
    return { inputs: { x: draw.floats(x) }, attrs: { blockShape: block, paddings } };
  },
  SplitV: (draw) => {
    const axis = draw.int(0, 1);
    const x = draw.floats([2, 3].with(axis, 6));
    return { inputs: { x }, attrs: { numOrSizeSplits: draw.pick([3, [1, 2, 3], [4, -1]]), axis } };
  },
  Sqrt: unary(0.1, 4),
  Square: unary(),
  SquaredDifference: binary(floats()),
  Step: (draw) => ({ inputs: { x: draw.floats(draw.shape()) }, attrs: { alpha: draw.pick([0, 0.3]) } }),
  StridedSlice: (draw) => {
    const x = draw.floats([4, 5, 3]);
    const step = draw.pick([1, 2, -1, -2]);
    return {
      inputs: { x },
      attrs: {
        begin: step > 0 ? [1, 0] : [3, 4],
        end: step > 0 ? [4, 5] : [0, 1],
        strides: [step, step],
        beginMask: draw.int(0, 3),
        endMask: draw.int(0, 3),
        ellipsisMask: 0,
        newAxisMask: 0,
        shrinkAxisMask: 0,
      },
    };
  },
  Sub: binary(floats()),
  Sum: reduction(floats(), true),
  Tan: unary(-1.2, 1.2),
  Tanh: unary(),
  TensorScatterUpdate: (draw) => ({
    inputs: {
      tensor: draw.floats([5, 2]),
      indices: { data: Int32Array.from(draw.permutation(5).slice(0, 3)), shape: [3, 1], dtype: "int32" },
      updates: draw.floats([3, 2]),
    },
  }),
  Tile: (draw) => {
    const x = draw.floats(draw.shape(1, 3));
    return { inputs: { x }, attrs: { reps: x.shape.map(() => draw.int(1, 3)) }, gradientOf: ["x"] };
  },
  TopK: (draw) => {
    const x = draw.distinct([...draw.shape(0, 2), draw.int(3, 6)]);
    return { inputs: { x }, attrs: { k: draw.int(1, 3), sorted: true } };
  },
  Transpose: (draw) => {
    const x = draw.floats(draw.shape(1, 4));
    return { inputs: { x }, attrs: { perm: draw.permutation(x.shape.length) }, gradientOf: ["x"] };
  },
  Unpack: (draw) => {
    const value = draw.floats(draw.shape(1, 3));
    return { inputs: { value }, attrs: { axis: draw.int(0, value.shape.length - 1) } };
  },
  UnsortedSegmentSum: (draw) => {
    const x = draw.floats([4, ...draw.shape(0, 2)]);
    return { inputs: { x, segmentIds: draw.ints([4], 0, 2) }, attrs: { numSegments: 3 }, gradientOf: ["x"] };
  },
  ZerosLike: unary(),
  _FusedMatMul: (draw) => {
    const { inputs, attrs } = product(draw) as { inputs: Record<string, DrawnTensor>; attrs: object };
    const [a, b] = [inputs.a.shape, inputs.b.shape];
    const width = (attrs as { transposeB: boolean }).transposeB ? b[1] : b[2];
    const activation = draw.pick(["linear", "relu", "sigmoid", "elu", "leakyrelu"]);
    const same = a[0] === b[0] ? inputs : { ...inputs, a: draw.floats([1, a[1], a[2]]) };
    return {
      inputs: draw.flag() ? { ...same, bias: draw.floats([width]) } : same,
      attrs: { ...attrs, activation, leakyreluAlpha: 0.2 },
    };
  },
};
