/** The table of ONNX ops: their attributes, and the types of their outputs. */
import type { Constant, TensorType, Value } from "./graph.ts";
import * as rule from "./onnx-types.ts";

/** An attribute as it is written in a node; how it is encoded is the op's row to say. */
export type AttributeValue = number | string | readonly number[];

/** How an attribute is encoded in ONNX's AttributeProto. */
export type AttributeKind = "int" | "float" | "string" | "ints" | "floats";

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The inputs of a node as its type rule sees them: constants carry their data. */
export type Operand = Value | Constant;

/** From the types of the inputs (and the data of constant ones) to the types of the outputs. */
export type TypeRule = (
  inputs: readonly (Operand | undefined)[],
  attributes: Attributes,
  outputCount: number,
) => TensorType[];

export interface OpRow {
  /** The fewest and the most inputs. */
  readonly inputs: readonly [number, number];
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  readonly types: TypeRule;
  /** Where it is not an op of ONNX under its own name: ONNX Runtime's domain, and the name there. */
  readonly own?: { readonly domain: string; readonly name: string };
}

const many = Number.POSITIVE_INFINITY;
const unary: OpRow = { inputs: [1, 1], attributes: {}, types: rule.sameAsFirst };
const binary: OpRow = { inputs: [2, 2], attributes: {}, types: rule.broadcast };
const variadic: OpRow = { inputs: [1, many], attributes: {}, types: rule.broadcast };
const comparison: OpRow = { inputs: [2, 2], attributes: {}, types: rule.broadcastToBool };
const test: OpRow = { inputs: [1, 1], attributes: {}, types: rule.sameShapeBool };
const reduction: OpRow = {
  inputs: [1, 2],
  attributes: { keepdims: "int", noop_with_empty_axes: "int" },
  types: rule.reduce,
};
const argReduction: OpRow = {
  inputs: [1, 1],
  attributes: { axis: "int", keepdims: "int", select_last_index: "int" },
  types: rule.argReduce,
};
const window = { kernel_shape: "ints", strides: "ints", pads: "ints" } as const;

/**
 * ONNX Runtime's own domain for tensors whose channels lie in blocks. Its optimizer puts these ops where the filters are
 * constants; where they are not, a lowering may.
 */
const BLOCKED = "com.microsoft.nchwc";

/** The version of every domain of ONNX Runtime's own. */
export const OWN_OPSET = 1;

/** The opset the rows below are written for: the newest whose Conv and pools ONNX Runtime still runs blocked. */
export const OPSET = 18;

/**
 * The operators that lowerings may emit: arity, attributes and type rule of each.
 * Source: ONNX's Operators.md at opset 18; for those of ONNX Runtime's own, its schemas (nchwc_schema_defs.cc).
 */
export const ONNX_OPS = {
  Abs: unary,
  Acos: unary,
  Acosh: unary,
  Add: binary,
  And: binary,
  ArgMax: argReduction,
  ArgMin: argReduction,
  Asin: unary,
  Asinh: unary,
  Atan: unary,
  Atanh: unary,
  AveragePool: {
    inputs: [1, 1],
    attributes: { ...window, count_include_pad: "int" },
    types: rule.pool,
  },
  /** A Conv of channels in blocks; the filter's too: `[out / block, in / block, height, width, block of in, block of out]`. */
  BlockedConv: {
    inputs: [2, 3],
    attributes: { ...window, dilations: "ints", group: "int" },
    types: rule.conv,
    own: { domain: BLOCKED, name: "Conv" },
  },
  Cast: { inputs: [1, 1], attributes: { to: "int" }, types: rule.cast },
  Ceil: unary,
  Clip: { inputs: [1, 3], attributes: {}, types: rule.sameAsFirst },
  Concat: { inputs: [1, many], attributes: { axis: "int" }, types: rule.concat },
  Conv: {
    inputs: [2, 3],
    attributes: { ...window, dilations: "ints", group: "int" },
    types: rule.conv,
  },
  ConvTranspose: {
    inputs: [2, 3],
    attributes: { ...window, dilations: "ints", group: "int", output_padding: "ints" },
    types: rule.convTranspose,
  },
  Cos: unary,
  Cosh: unary,
  CumSum: { inputs: [2, 2], attributes: { exclusive: "int", reverse: "int" }, types: rule.sameAsFirst },
  DepthToSpace: {
    inputs: [1, 1],
    attributes: { blocksize: "int", mode: "string" },
    types: rule.depthToSpace,
  },
  Div: binary,
  Einsum: { inputs: [1, many], attributes: { equation: "string" }, types: rule.einsum },
  Elu: { inputs: [1, 1], attributes: { alpha: "float" }, types: rule.sameAsFirst },
  Equal: comparison,
  Erf: unary,
  Exp: unary,
  Expand: { inputs: [2, 2], attributes: {}, types: rule.expand },
  Floor: unary,
  Gather: { inputs: [2, 2], attributes: { axis: "int" }, types: rule.gather },
  GatherND: { inputs: [2, 2], attributes: { batch_dims: "int" }, types: rule.gatherNd },
  Gemm: {
    inputs: [2, 3],
    attributes: { alpha: "float", beta: "float", transA: "int", transB: "int" },
    types: rule.gemm,
  },
  Greater: comparison,
  GreaterOrEqual: comparison,
  Identity: unary,
  IsInf: test,
  IsNaN: test,
  LayerNormalization: {
    inputs: [2, 3],
    attributes: { axis: "int", epsilon: "float" },
    types: rule.sameAsFirst,
  },
  LeakyRelu: { inputs: [1, 1], attributes: { alpha: "float" }, types: rule.sameAsFirst },
  Less: comparison,
  LessOrEqual: comparison,
  Log: unary,
  LogSoftmax: { inputs: [1, 1], attributes: { axis: "int" }, types: rule.sameAsFirst },
  MatMul: { inputs: [2, 2], attributes: {}, types: rule.matmul },
  Max: variadic,
  MaxPool: { inputs: [1, 1], attributes: window, types: rule.pool },
  Min: variadic,
  Mod: { inputs: [2, 2], attributes: { fmod: "int" }, types: rule.broadcast },
  Mul: binary,
  Neg: unary,
  Not: unary,
  Or: binary,
  PRelu: { inputs: [2, 2], attributes: {}, types: rule.sameAsFirst },
  Pad: { inputs: [2, 3], attributes: { mode: "string" }, types: rule.pad },
  Pow: binary,
  Reciprocal: unary,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceProd: reduction,
  ReduceSum: reduction,
  Relu: unary,
  /** Into blocks, from NCHW or, if `channels_last`, NHWC. Its type is that of NCHW. */
  ReorderInput: {
    inputs: [1, 1],
    attributes: { channels_last: "int" },
    types: rule.reorderInput,
    own: { domain: BLOCKED, name: "ReorderInput" },
  },
  /** Out of blocks, to the first so many `channels`. */
  ReorderOutput: {
    inputs: [1, 1],
    attributes: { channels: "int", channels_last: "int" },
    types: rule.reorderOutput,
    own: { domain: BLOCKED, name: "ReorderOutput" },
  },
  Reshape: { inputs: [2, 2], attributes: { allowzero: "int" }, types: rule.reshape },
  Round: unary,
  ScatterElements: {
    inputs: [3, 3],
    attributes: { axis: "int", reduction: "string" },
    types: rule.sameAsFirst,
  },
  ScatterND: { inputs: [3, 3], attributes: { reduction: "string" }, types: rule.sameAsFirst },
  Selu: { inputs: [1, 1], attributes: { alpha: "float", gamma: "float" }, types: rule.sameAsFirst },
  Sigmoid: unary,
  Sign: unary,
  Sin: unary,
  Sinh: unary,
  Slice: { inputs: [3, 5], attributes: {}, types: rule.slice },
  Softmax: { inputs: [1, 1], attributes: { axis: "int" }, types: rule.sameAsFirst },
  Softplus: unary,
  Split: { inputs: [2, 2], attributes: { axis: "int" }, types: rule.split },
  Sqrt: unary,
  Sub: binary,
  Sum: variadic,
  Tan: unary,
  Tanh: unary,
  Tile: { inputs: [2, 2], attributes: {}, types: rule.tile },
  TopK: { inputs: [2, 2], attributes: { axis: "int", largest: "int", sorted: "int" }, types: rule.topK },
  Transpose: { inputs: [1, 1], attributes: { perm: "ints" }, types: rule.transpose },
  Where: { inputs: [3, 3], attributes: {}, types: rule.where },
} as const satisfies Record<string, OpRow>;

export type OnnxOp = keyof typeof ONNX_OPS;

/** How `attribute` of `op` is encoded; undefined if the op has no such attribute. */
export function attributeKind(op: OnnxOp, attribute: string): AttributeKind | undefined {
  const attributes: Readonly<Record<string, AttributeKind>> = ONNX_OPS[op].attributes;
  return attributes[attribute];
}
