/** tensorflow.js kernels as the TensorFlow ops that its graph models are made of. */
import { BATCH } from "./batched-recording.ts";
import { attribute, type GraphModelNode, type GraphModelNodes } from "./graph-model-nodes.ts";
import type { KernelCall, Recorded } from "./record-kernels.ts";

type Attributes = GraphModelNode["attr"];

/** What a row works with. `name` is what the call's first output must be called. */
export interface Emission {
  readonly name: string;
  readonly nodes: GraphModelNodes;
  readonly inputs: Readonly<Record<string, Recorded>>;
  // biome-ignore lint/suspicious/noExplicitAny: each kernel's attributes are of its own types
  readonly attrs: Readonly<Record<string, any>>;
}

/** Emits the nodes of a call, the last of them under its name; false where the op cannot do what the kernel does. */
type Row = (emission: Emission) => unknown;

const { text, integer, integers, float, flag, type } = attribute;

const T = (inputs: Emission["inputs"]): Attributes => ({ T: type(Object.values(inputs)[0].dtype) });

/** A node of the call's name with its inputs in this order. */
function emit(
  { name, nodes, inputs }: Emission,
  op: string,
  input: readonly string[],
  attr: Attributes = {},
): unknown {
  return nodes.add(name, op, input, { ...T(inputs), ...attr });
}

/** An op that takes the kernel's tensors, these and in this order, and the attributes. */
const plain =
  (op: string, names: readonly string[], attr?: (attrs: Emission["attrs"]) => Attributes): Row =>
  (e) =>
    emit(
      e,
      op,
      names.map((name) => e.inputs[name].name),
      attr?.(e.attrs),
    );

const rows = (ops: readonly string[], names: readonly string[]): Record<string, Row> =>
  Object.fromEntries(ops.map((op) => [op, plain(op, names)]));

const UNARY = [
  ...["Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Elu", "Erf", "Exp"],
  ...[
    "Expm1",
    "Floor",
    "IsFinite",
    "IsInf",
    "IsNan",
    "Log",
    "Log1p",
    "Neg",
    "OnesLike",
    "Reciprocal",
    "Relu",
  ],
  ...["Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Sqrt", "Square"],
  ...["Tan", "Tanh", "ZerosLike"],
] as const;

const BINARY = [
  ...[
    "Atan2",
    "Equal",
    "FloorDiv",
    "Greater",
    "GreaterEqual",
    "Less",
    "LessEqual",
    "LogicalAnd",
    "LogicalOr",
  ],
  ...["Maximum", "Minimum", "Mod", "NotEqual", "Pow", "RealDiv", "SquaredDifference", "Sub"],
] as const;

const REDUCTIONS = ["All", "Any", "Max", "Mean", "Min", "Prod", "Sum"] as const;

const list = (value: number | readonly number[]): number[] => [value].flat() as number[];

const reduction =
  (op: string): Row =>
  (e) => {
    const { x } = e.inputs;
    // Max has a name of its own for it.
    const along = e.attrs.axis ?? e.attrs.reductionIndices;
    const axes = along == null ? x.shape.map((_, axis) => axis) : list(along);
    return emit(e, op, [x.name, e.nodes.integers(axes)], { keep_dims: flag(e.attrs.keepDims === true) });
  };

const pair = (value: number | readonly number[]): [number, number] => {
  const [a, b = a] = list(value);
  return [a, b];
};

/** How the windows of a kernel lie, or undefined for what the ops cannot say. */
function windowAttributes({ strides, dilations = 1, pad, dataFormat = "NHWC" }: Emission["attrs"]) {
  if (dataFormat !== "NHWC") return undefined;
  const common = {
    strides: integers([1, ...pair(strides), 1]),
    dilations: integers([1, ...pair(dilations), 1]),
    data_format: text("NHWC"),
  };
  if (typeof pad === "string") return { ...common, padding: text(pad.toUpperCase()) };
  const explicit = typeof pad === "number" ? [0, 0, pad, pad, pad, pad, 0, 0] : (pad as number[][]).flat();
  return { ...common, padding: text("EXPLICIT"), explicit_paddings: integers(explicit) };
}

const windowed =
  (op: string): Row =>
  (e) => {
    const attr = windowAttributes(e.attrs);
    return attr !== undefined && emit(e, op, [e.inputs.x.name, e.inputs.filter.name], attr);
  };

const pool =
  (op: string): Row =>
  (e) => {
    const attr = typeof e.attrs.pad === "string" ? windowAttributes(e.attrs) : undefined;
    const size = integers([1, ...pair(e.attrs.filterSize), 1]);
    return attr !== undefined && emit(e, op, [e.inputs.x.name], { ...attr, ksize: size });
  };

/** The size of the image; of any number of them, with the number taken from the gradient. */
function outputSizes({ name, nodes, attrs, inputs }: Emission): string {
  const sizes = attrs.inputShape as readonly number[];
  if (sizes[0] !== BATCH) return nodes.integers(sizes);
  const shape = nodes.add(`${name}/shape`, "Shape", [inputs.dy.name], {
    ...T(inputs),
    out_type: type("int32"),
  });
  const batch = nodes.add(`${name}/batch`, "Slice", [shape, nodes.integers([0]), nodes.integers([1])], {
    T: type("int32"),
    Index: type("int32"),
  });
  return nodes.add(`${name}/sizes`, "ConcatV2", [batch, nodes.integers(sizes.slice(1)), nodes.integer(0)], {
    T: type("int32"),
    N: integer(2),
    Tidx: type("int32"),
  });
}

const transposedConvolution: Row = (e) => {
  const attr = windowAttributes(e.attrs);
  return (
    attr !== undefined &&
    emit(e, "Conv2DBackpropInput", [outputSizes(e), e.inputs.filter.name, e.inputs.dy.name], attr)
  );
};

const multiply: Row = (e) => {
  const { a, b } = e.inputs;
  const [left, right] = [e.attrs.transposeA === true, e.attrs.transposeB === true].map(flag);
  return a.shape.length === 2 && b.shape.length === 2
    ? emit(e, "MatMul", [a.name, b.name], { transpose_a: left, transpose_b: right })
    : emit(e, "BatchMatMulV2", [a.name, b.name], { adj_x: left, adj_y: right });
};

const ACTIVATIONS: Readonly<Record<string, (e: Emission, x: string) => unknown>> = {
  linear: (e, x) => emit(e, "Identity", [x]),
  relu: (e, x) => emit(e, "Relu", [x]),
  relu6: (e, x) => emit(e, "Relu6", [x]),
  elu: (e, x) => emit(e, "Elu", [x]),
  sigmoid: (e, x) => emit(e, "Sigmoid", [x]),
  leakyrelu: (e, x) => emit(e, "LeakyRelu", [x], { alpha: float(e.attrs.leakyreluAlpha ?? 0.2) }),
  prelu: (e, x) => emit(e, "Prelu", [x, e.inputs.preluActivationWeights.name]),
};

/** A kernel that adds a bias and has an activation, as its parts. */
const fused =
  (row: Row): Row =>
  (e) => {
    const { bias } = e.inputs;
    const product = `${e.name}/product`;
    if (row({ ...e, name: product }) === false) return false;
    const sum =
      bias === undefined ? product : e.nodes.add(`${e.name}/sum`, "AddV2", [product, bias.name], T(e.inputs));
    return ACTIVATIONS[(e.attrs.activation as string | undefined) ?? "linear"]?.(e, sum) ?? false;
  };

const batchNorm: Row = (e) => {
  const { x, mean, variance, scale, offset } = e.inputs;
  const filled = (value: number, what: string): string =>
    e.nodes.array({
      name: `${e.name}/${what}`,
      shape: mean.shape,
      dtype: "float32",
      data: new Float32Array(mean.shape[0]).fill(value),
    });
  const names = [
    scale?.name ?? filled(1, "scale"),
    offset?.name ?? filled(0, "offset"),
    mean.name,
    variance.name,
  ];
  return emit(e, "FusedBatchNormV3", [x.name, ...names], {
    epsilon: float(e.attrs.varianceEpsilon ?? 1e-3),
    data_format: text("NHWC"),
    is_training: flag(false),
  });
};

const resize =
  (op: string): Row =>
  (e) =>
    emit(e, op, [e.inputs.images.name, e.nodes.integers(e.attrs.size)], {
      align_corners: flag(e.attrs.alignCorners === true),
      half_pixel_centers: flag(e.attrs.halfPixelCenters === true),
    });

/** Inputs of a kernel that takes a list. */
const all = ({ inputs }: Emission): string[] => Object.values(inputs).map(({ name }) => name);

const lists =
  (op: string, attribute: string): Row =>
  (e) =>
    emit(e, op, [e.inputs.x.name, e.nodes.integers(e.attrs[attribute])]);

/** How much of a border each axis has, before and after, as an array. */
function borders({ name, nodes, attrs }: Emission): string {
  const pads = attrs.paddings as readonly (readonly number[])[];
  return nodes.array({
    name: `${name}/paddings`,
    shape: [pads.length, 2],
    dtype: "int32",
    data: Int32Array.from(pads.flat()),
  });
}

/** By kernel. */
const ROWS: Readonly<Record<string, Row>> = {
  ...rows(UNARY, ["x"]),
  ...rows(BINARY, ["a", "b"]),
  ...Object.fromEntries(REDUCTIONS.map((op) => [op, reduction(op)])),
  Add: plain("AddV2", ["a", "b"]),
  AddN: (e) => emit(e, "AddN", all(e), { N: integer(all(e).length) }),
  AvgPool: pool("AvgPool"),
  BatchMatMul: multiply,
  Cast: (e) =>
    emit(e, "Cast", [e.inputs.x.name], { SrcT: type(e.inputs.x.dtype), DstT: type(e.attrs.dtype) }),
  ClipByValue: (e) => {
    const bound = (what: string): string =>
      e.nodes.array({
        name: `${e.name}/${what}`,
        shape: [],
        dtype: "float32",
        data: Float32Array.of(e.attrs[what]),
      });
    return emit(e, "ClipByValue", [e.inputs.x.name, bound("clipValueMin"), bound("clipValueMax")]);
  },
  Concat: (e) =>
    emit(e, "ConcatV2", [...all(e), e.nodes.integer(e.attrs.axis)], {
      N: integer(all(e).length),
      Tidx: type("int32"),
    }),
  Conv2D: windowed("Conv2D"),
  Conv2DBackpropInput: transposedConvolution,
  DepthToSpace: plain("DepthToSpace", ["x"], ({ blockSize, dataFormat }) => ({
    block_size: integer(blockSize),
    data_format: text(dataFormat),
  })),
  DepthwiseConv2dNative: windowed("DepthwiseConv2dNative"),
  ExpandDims: (e) => emit(e, "ExpandDims", [e.inputs.input.name, e.nodes.integer(e.attrs.dim)]),
  FusedBatchNorm: batchNorm,
  FusedConv2D: fused(windowed("Conv2D")),
  FusedDepthwiseConv2D: fused(windowed("DepthwiseConv2dNative")),
  GatherV2: (e) =>
    emit(e, "GatherV2", [e.inputs.x.name, e.inputs.indices.name, e.nodes.integer(e.attrs.axis)], {
      batch_dims: integer(e.attrs.batchDims ?? 0),
    }),
  Identity: plain("Identity", ["x"]),
  LeakyRelu: plain("LeakyRelu", ["x"], ({ alpha }) => ({ alpha: float(alpha) })),
  LogicalNot: plain("LogicalNot", ["x"]),
  MaxPool: pool("MaxPool"),
  MirrorPad: (e) =>
    emit(e, "MirrorPad", [e.inputs.x.name, borders(e)], {
      mode: text((e.attrs.mode as string).toUpperCase()),
      Tpaddings: type("int32"),
    }),
  Multiply: plain("Mul", ["a", "b"]),
  Pack: (e) => emit(e, "Pack", all(e), { N: integer(all(e).length), axis: integer(e.attrs.axis) }),
  PadV2: (e) => {
    const zero = { name: `${e.name}/value`, shape: [], dtype: "float32" as const };
    const value = e.nodes.array({ ...zero, data: Float32Array.of(e.attrs.constantValue) });
    return emit(e, "PadV2", [e.inputs.x.name, borders(e), value]);
  },
  Prelu: plain("Prelu", ["x", "alpha"]),
  Reshape: lists("Reshape", "shape"),
  ResizeBilinear: resize("ResizeBilinear"),
  ResizeNearestNeighbor: resize("ResizeNearestNeighbor"),
  Reverse: (e) => emit(e, "ReverseV2", [e.inputs.x.name, e.nodes.integers(list(e.attrs.dims))]),
  Select: plain("SelectV2", ["condition", "t", "e"]),
  Slice: (e) =>
    emit(e, "Slice", [e.inputs.x.name, e.nodes.integers(e.attrs.begin), e.nodes.integers(e.attrs.size)], {
      Index: type("int32"),
    }),
  Softmax: plain("Softmax", ["logits"]),
  Tile: lists("Tile", "reps"),
  Transpose: lists("Transpose", "perm"),
  _FusedMatMul: fused(multiply),
};

/** Whether the call could be written. */
export function emitCall(nodes: GraphModelNodes, { kernel, inputs, attrs, outputs }: KernelCall): boolean {
  const row = Object.hasOwn(ROWS, kernel) ? ROWS[kernel] : undefined;
  return (
    row !== undefined &&
    outputs.length === 1 &&
    row({ name: outputs[0].name, nodes, inputs, attrs }) !== false
  );
}
