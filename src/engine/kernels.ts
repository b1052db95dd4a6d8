/**
 * The tensorflow.js kernels that can be traced: the inputs and attributes of each.
 * Adding one is a row here and a row in the lowering table of its family; a missing lowering does not compile.
 */

import type { Value } from "./graph.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import type {
  _FusedMatMulAttrs,
  ArgMaxAttrs,
  AvgPoolAttrs,
  AvgPoolGradAttrs,
  BatchMatMulAttrs,
  BatchToSpaceNDAttrs,
  CastAttrs,
  ClipByValueAttrs,
  ConcatAttrs,
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  CumsumAttrs,
  DepthToSpaceAttrs,
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  EinsumAttrs,
  ExpandDimsAttrs,
  FillAttrs,
  FusedBatchNormAttrs,
  FusedConv2DAttrs,
  FusedDepthwiseConv2DAttrs,
  GatherV2Attrs,
  LeakyReluAttrs,
  LinSpaceAttrs,
  MaxAttrs,
  MaxPoolAttrs,
  MaxPoolGradAttrs,
  MaxPoolWithArgmaxAttrs,
  MirrorPadAttrs,
  OneHotAttrs,
  PackAttrs,
  PadV2Attrs,
  RangeAttrs,
  ReshapeAttrs,
  ResizeBilinearAttrs,
  ResizeNearestNeighborAttrs,
  ReverseAttrs,
  ScatterNdAttrs,
  SliceAttrs,
  SoftmaxAttrs,
  SpaceToBatchNDAttrs,
  SplitVAttrs,
  StepAttrs,
  StridedSliceAttrs,
  SumAttrs,
  TileAttrs,
  TopKAttrs,
  TransposeAttrs,
  UnpackAttrs,
  UnsortedSegmentSumAttrs,
} from "./tfjs.ts";

export interface Kernel<Inputs, Attrs = Record<string, never>> {
  readonly inputs: Inputs;
  readonly attrs: Attrs;
}

type Named<Required extends string, Optional extends string = never> = Readonly<
  Record<Required, Value> & Partial<Record<Optional, Value>>
>;
type Unary = Kernel<Named<"x">>;
type Binary = Kernel<Named<"a" | "b">>;
type Reduction = Kernel<Named<"x">, SumAttrs>;

export interface Kernels {
  Abs: Unary;
  Acos: Unary;
  Acosh: Unary;
  Add: Binary;
  AddN: Kernel<readonly Value[]>;
  All: Reduction;
  Any: Reduction;
  ArgMax: Kernel<Named<"x">, ArgMaxAttrs>;
  ArgMin: Kernel<Named<"x">, ArgMaxAttrs>;
  Asin: Unary;
  Asinh: Unary;
  Atan: Unary;
  Atan2: Binary;
  Atanh: Unary;
  AvgPool: Kernel<Named<"x">, AvgPoolAttrs>;
  AvgPoolGrad: Kernel<Named<"dy" | "input">, AvgPoolGradAttrs>;
  BatchMatMul: Kernel<Named<"a" | "b">, BatchMatMulAttrs>;
  BatchToSpaceND: Kernel<Named<"x">, BatchToSpaceNDAttrs>;
  Cast: Kernel<Named<"x">, CastAttrs>;
  Ceil: Unary;
  ClipByValue: Kernel<Named<"x">, ClipByValueAttrs>;
  Concat: Kernel<readonly Value[], ConcatAttrs>;
  Conv2D: Kernel<Named<"x" | "filter">, Conv2DAttrs>;
  Conv2DBackpropFilter: Kernel<Named<"x" | "dy">, Conv2DBackpropFilterAttrs>;
  Conv2DBackpropInput: Kernel<Named<"dy" | "filter">, Conv2DBackpropInputAttrs>;
  Cos: Unary;
  Cosh: Unary;
  Cumprod: Kernel<Named<"x">, CumsumAttrs>;
  Cumsum: Kernel<Named<"x">, CumsumAttrs>;
  DepthToSpace: Kernel<Named<"x">, DepthToSpaceAttrs>;
  DepthwiseConv2dNative: Kernel<Named<"x" | "filter">, DepthwiseConv2dNativeAttrs>;
  DepthwiseConv2dNativeBackpropFilter: Kernel<Named<"x" | "dy">, DepthwiseConv2dNativeBackpropFilterAttrs>;
  DepthwiseConv2dNativeBackpropInput: Kernel<Named<"dy" | "filter">, DepthwiseConv2dNativeBackpropInputAttrs>;
  Einsum: Kernel<readonly Value[], EinsumAttrs>;
  Elu: Unary;
  EluGrad: Kernel<Named<"dy" | "y">>;
  Equal: Binary;
  Erf: Unary;
  Exp: Unary;
  ExpandDims: Kernel<Named<"input">, ExpandDimsAttrs>;
  Expm1: Unary;
  Fill: Kernel<Named<never>, FillAttrs>;
  FlipLeftRight: Kernel<Named<"image">>;
  Floor: Unary;
  FloorDiv: Binary;
  FusedBatchNorm: Kernel<Named<"x" | "mean" | "variance", "scale" | "offset">, FusedBatchNormAttrs>;
  FusedConv2D: Kernel<Named<"x" | "filter", "bias" | "preluActivationWeights">, FusedConv2DAttrs>;
  FusedDepthwiseConv2D: Kernel<
    Named<"x" | "filter", "bias" | "preluActivationWeights">,
    FusedDepthwiseConv2DAttrs
  >;
  GatherNd: Kernel<Named<"params" | "indices">>;
  GatherV2: Kernel<Named<"x" | "indices">, GatherV2Attrs>;
  Greater: Binary;
  GreaterEqual: Binary;
  Identity: Unary;
  IsFinite: Unary;
  IsInf: Unary;
  IsNan: Unary;
  LeakyRelu: Kernel<Named<"x">, LeakyReluAttrs>;
  Less: Binary;
  LessEqual: Binary;
  LinSpace: Kernel<Named<never>, LinSpaceAttrs>;
  Log: Unary;
  Log1p: Unary;
  LogicalAnd: Binary;
  LogicalNot: Unary;
  LogicalOr: Binary;
  Max: Kernel<Named<"x">, MaxAttrs>;
  MaxPool: Kernel<Named<"x">, MaxPoolAttrs>;
  MaxPoolGrad: Kernel<Named<"dy" | "input" | "output">, MaxPoolGradAttrs>;
  MaxPoolWithArgmax: Kernel<Named<"x">, MaxPoolWithArgmaxAttrs>;
  Maximum: Binary;
  Mean: Reduction;
  Min: Reduction;
  Minimum: Binary;
  MirrorPad: Kernel<Named<"x">, MirrorPadAttrs>;
  Mod: Binary;
  Multiply: Binary;
  Neg: Unary;
  NotEqual: Binary;
  OneHot: Kernel<Named<"indices">, OneHotAttrs>;
  OnesLike: Unary;
  Pack: Kernel<readonly Value[], PackAttrs>;
  PadV2: Kernel<Named<"x">, PadV2Attrs>;
  Pow: Binary;
  Prelu: Kernel<Named<"x" | "alpha">>;
  Prod: Reduction;
  Range: Kernel<Named<never>, RangeAttrs>;
  RealDiv: Binary;
  Reciprocal: Unary;
  Relu: Unary;
  Relu6: Unary;
  Reshape: Kernel<Named<"x">, ReshapeAttrs>;
  ResizeBilinear: Kernel<Named<"images">, ResizeBilinearAttrs>;
  ResizeBilinearGrad: Kernel<Named<"images" | "dy">, ResizeBilinearAttrs>;
  ResizeNearestNeighbor: Kernel<Named<"images">, ResizeNearestNeighborAttrs>;
  ResizeNearestNeighborGrad: Kernel<Named<"images" | "dy">, ResizeNearestNeighborAttrs>;
  Reverse: Kernel<Named<"x">, ReverseAttrs>;
  Round: Unary;
  Rsqrt: Unary;
  ScatterNd: Kernel<Named<"indices" | "updates">, ScatterNdAttrs>;
  Select: Kernel<Named<"condition" | "t" | "e">>;
  Selu: Unary;
  Sigmoid: Unary;
  Sign: Unary;
  Sin: Unary;
  Sinh: Unary;
  Slice: Kernel<Named<"x">, SliceAttrs>;
  Softmax: Kernel<Named<"logits">, SoftmaxAttrs>;
  Softplus: Unary;
  SpaceToBatchND: Kernel<Named<"x">, SpaceToBatchNDAttrs>;
  SplitV: Kernel<Named<"x">, SplitVAttrs>;
  Sqrt: Unary;
  Square: Unary;
  SquaredDifference: Binary;
  Step: Kernel<Named<"x">, StepAttrs>;
  StridedSlice: Kernel<Named<"x">, StridedSliceAttrs>;
  Sub: Binary;
  Sum: Reduction;
  Tan: Unary;
  Tanh: Unary;
  TensorScatterUpdate: Kernel<Named<"tensor" | "indices" | "updates">>;
  Tile: Kernel<Named<"x">, TileAttrs>;
  TopK: Kernel<Named<"x">, TopKAttrs>;
  Transpose: Kernel<Named<"x">, TransposeAttrs>;
  Unpack: Kernel<Named<"value">, UnpackAttrs>;
  UnsortedSegmentSum: Kernel<Named<"x" | "segmentIds">, UnsortedSegmentSumAttrs>;
  ZerosLike: Unary;
  _FusedMatMul: Kernel<Named<"a" | "b", "bias" | "preluActivationWeights">, _FusedMatMulAttrs>;
}

export type KernelName = keyof Kernels;

/** Emits the ONNX nodes that compute a kernel, and returns the values of its outputs. */
export type LoweringOf<Inputs, Attrs = unknown> = (
  graph: GraphBuilder,
  inputs: Inputs,
  attrs: Attrs,
) => Value | readonly Value[];

export type Lowering<K extends KernelName> = LoweringOf<Kernels[K]["inputs"], Kernels[K]["attrs"]>;

export type Lowerings<K extends KernelName> = { readonly [Name in K]: Lowering<Name> };
