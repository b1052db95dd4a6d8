/** Elementwise kernels: arithmetic, comparison, activation. Shapes broadcast by NumPy's rule. */

import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { KernelName, Kernels, Lowering, LoweringOf, Lowerings } from "../kernels.ts";
import type { OnnxOp } from "../onnx-ops.ts";

type UnaryName = { [K in KernelName]: Kernels["Abs"] extends Kernels[K] ? K : never }[KernelName];
type BinaryName = { [K in KernelName]: Kernels["Add"] extends Kernels[K] ? K : never }[KernelName];

const unary =
  (op: OnnxOp): LoweringOf<{ readonly x: Value }> =>
  (g, { x }) =>
    g.op(op, [x]);

const binary =
  (op: OnnxOp): LoweringOf<{ readonly a: Value; readonly b: Value }> =>
  (g, { a, b }) =>
    g.op(op, [a, b]);

/** ONNX Runtime orders numbers, not truth values: bools are compared as int32. */
const ordered =
  (op: OnnxOp): LoweringOf<{ readonly a: Value; readonly b: Value }> =>
  (g, { a, b }) =>
    a.dtype === "bool" ? g.op(op, [g.cast(a, "int32"), g.cast(b, "int32")]) : g.op(op, [a, b]);

const like = (g: GraphBuilder, x: Value, value: number): Value =>
  g.expand(g.scalar(value, x.dtype as "float32"), x.shape);

/** e^x - 1 = 2 sinh(x/2) e^(x/2), exact near zero too. */
const expm1: Lowering<"Expm1"> = (g, { x }) => {
  const half = g.op("Mul", [x, g.scalar(0.5)]);
  return g.op("Mul", [g.op("Mul", [g.op("Sinh", [half]), g.scalar(2)]), g.op("Exp", [half])]);
};

/** log(1 + x): 2 artanh(x / (2 + x)), which is exact near zero, where |x| < 1/2; log(1 + x) elsewhere. */
const log1p: Lowering<"Log1p"> = (g, { x }) => {
  const near = g.op("Less", [g.op("Abs", [x]), g.scalar(0.5)]);
  const ratio = g.op("Div", [x, g.op("Add", [x, g.scalar(2)])]);
  const small = g.op("Mul", [g.op("Atanh", [ratio]), g.scalar(2)]);
  return g.op("Where", [near, small, g.op("Log", [g.op("Add", [x, g.scalar(1)])])]);
};

/** Rounds the quotient down. Integers go through float64, which holds every int32. */
const floorDiv: Lowering<"FloorDiv"> = (g, { a, b }) => {
  if (a.dtype === "float32") return g.op("Floor", [g.op("Div", [a, b])]);
  const quotient = g.op("Div", [g.cast(a, "float64"), g.cast(b, "float64")]);
  return g.cast(g.op("Floor", [quotient]), a.dtype);
};

/** The remainder with the divisor's sign. ONNX's float Mod has the dividend's. */
const mod: Lowering<"Mod"> = (g, { a, b }) => {
  if (a.dtype !== "float32") return g.op("Mod", [a, b], { fmod: 0 });
  const remainder = g.op("Mod", [a, b], { fmod: 1 });
  const zero = g.scalar(0);
  const sameSign = g.op("Equal", [g.op("Less", [a, zero]), g.op("Less", [b, zero])]);
  return g.op("Where", [sameSign, remainder, g.op("Mod", [g.op("Add", [remainder, b]), b], { fmod: 1 })]);
};

/** The angle of (b, a): atan(a/b), moved by pi to the left half plane, pi/2 on the axis. */
const atan2: Lowering<"Atan2"> = (g, { a: y, b: x }) => {
  const zero = g.scalar(0);
  const negative = g.op("Less", [y, zero]);
  const turn = g.op("Where", [negative, g.scalar(-Math.PI), g.scalar(Math.PI)]);
  const angle = g.op("Atan", [g.op("Div", [y, x])]);
  const leftHalf = g.op("Where", [g.op("Less", [x, zero]), g.op("Add", [angle, turn]), angle]);
  const onAxis = g.op("Mul", [g.op("Sign", [y]), g.scalar(Math.PI / 2)]);
  return g.op("Where", [g.op("Equal", [x, zero]), onAxis, leftHalf]);
};

const clip = (g: GraphBuilder, x: Value, low: number, high: number): Value =>
  g.op("Clip", [x, g.scalar(low, x.dtype as "float32"), g.scalar(high, x.dtype as "float32")]);

const prelu = (g: GraphBuilder, x: Value, alpha: Value): Value =>
  g.op("Where", [g.op("Less", [x, g.scalar(0)]), g.op("Mul", [x, alpha]), x]);

/**
 * x > 0 to 1, x <= 0 to alpha, NaN to NaN. WebGPU has no IsNaN, for which the CPU would have to be asked in the middle of a
 * step: NaN goes to alpha there, and shows in what x came from.
 */
const step: Lowering<"Step"> = (g, { x }, { alpha = 0 }) => {
  const number = g.cast(x, "float32");
  const stepped = g.op("Where", [g.op("Greater", [number, g.scalar(0)]), g.scalar(1), g.scalar(alpha)]);
  if (g.device === "webgpu") return g.cast(stepped, x.dtype);
  return g.cast(g.op("Where", [g.op("IsNaN", [number]), number, stepped]), x.dtype);
};

/** -1, 0 or 1. WebGPU has no Sign. */
const sign: Lowering<"Sign"> = (g, { x }) => {
  if (g.device !== "webgpu") return g.op("Sign", [x]);
  const zero = g.scalar(0, x.dtype as "float32");
  const [above, below] = [g.op("Greater", [x, zero]), g.op("Less", [x, zero])];
  return g.op("Sub", [g.cast(above, x.dtype), g.cast(below, x.dtype)]);
};

/** A condition of rank 1 chooses whole rows. */
const select: Lowering<"Select"> = (g, { condition, t, e }) => {
  const rows = condition.shape.length === 1 && t.shape.length > 1;
  const test = rows
    ? g.reshape(condition, [...condition.shape, ...t.shape.slice(1).map(() => 1)])
    : condition;
  if (t.dtype !== "bool") return g.op("Where", [g.cast(test, "bool"), t, e]);
  return g.cast(g.op("Where", [g.cast(test, "bool"), g.cast(t, "int32"), g.cast(e, "int32")]), "bool");
};

const unaryRows: Lowerings<UnaryName> = {
  Abs: unary("Abs"),
  Acos: unary("Acos"),
  Acosh: unary("Acosh"),
  Asin: unary("Asin"),
  Asinh: unary("Asinh"),
  Atan: unary("Atan"),
  Atanh: unary("Atanh"),
  Ceil: unary("Ceil"),
  Cos: unary("Cos"),
  Cosh: unary("Cosh"),
  Elu: (g, { x }) => g.op("Elu", [x], { alpha: 1 }),
  Erf: unary("Erf"),
  Exp: unary("Exp"),
  Expm1: expm1,
  Floor: unary("Floor"),
  Identity: (_, { x }) => x,
  IsFinite: (g, { x }) => g.op("Not", [g.op("Or", [g.op("IsNaN", [x]), g.op("IsInf", [x])])]),
  IsInf: unary("IsInf"),
  IsNan: unary("IsNaN"),
  Log: unary("Log"),
  Log1p: log1p,
  LogicalNot: unary("Not"),
  Neg: unary("Neg"),
  OnesLike: (g, { x }) => like(g, x, 1),
  Reciprocal: unary("Reciprocal"),
  Relu: unary("Relu"),
  Relu6: (g, { x }) => clip(g, x, 0, 6),
  Round: unary("Round"),
  Rsqrt: (g, { x }) => g.op("Reciprocal", [g.op("Sqrt", [x])]),
  // The constants of tensorflow.js's backend_util (SELU_SCALEALPHA / SELU_SCALE, SELU_SCALE).
  Selu: (g, { x }) => g.op("Selu", [x], { alpha: 1.6732632423543772, gamma: 1.0507009873554805 }),
  Sigmoid: unary("Sigmoid"),
  Sign: sign,
  Sin: unary("Sin"),
  Sinh: unary("Sinh"),
  Softplus: unary("Softplus"),
  Sqrt: unary("Sqrt"),
  Square: (g, { x }) => g.op("Mul", [x, x]),
  Tan: unary("Tan"),
  Tanh: unary("Tanh"),
  ZerosLike: (g, { x }) => like(g, x, 0),
};

const binaryRows: Lowerings<BinaryName> = {
  Add: binary("Add"),
  Atan2: atan2,
  Equal: binary("Equal"),
  FloorDiv: floorDiv,
  Greater: ordered("Greater"),
  GreaterEqual: ordered("GreaterOrEqual"),
  Less: ordered("Less"),
  LessEqual: ordered("LessOrEqual"),
  LogicalAnd: binary("And"),
  LogicalOr: binary("Or"),
  Maximum: binary("Max"),
  Minimum: binary("Min"),
  Mod: mod,
  Multiply: binary("Mul"),
  NotEqual: (g, { a, b }) => g.op("Not", [g.op("Equal", [a, b])]),
  Pow: binary("Pow"),
  RealDiv: binary("Div"),
  SquaredDifference: (g, { a, b }) => {
    const difference = g.op("Sub", [a, b]);
    return g.op("Mul", [difference, difference]);
  },
  Sub: binary("Sub"),
};

export const elementwise: Lowerings<
  | UnaryName
  | BinaryName
  | "AddN"
  | "Cast"
  | "ClipByValue"
  | "EluGrad"
  | "LeakyRelu"
  | "Prelu"
  | "Select"
  | "Step"
> = {
  ...unaryRows,
  ...binaryRows,
  // WebGPU has no Sum.
  AddN: (g, values) =>
    g.device === "webgpu" ? values.reduce((sum, value) => g.op("Add", [sum, value])) : g.op("Sum", values),
  Cast: (g, { x }, { dtype }) => {
    if (dtype !== "bool") return g.cast(x, dtype as "float32" | "int32");
    return x.dtype === "bool" ? x : g.op("Not", [g.op("Equal", [x, g.scalar(0, x.dtype as "int32")])]);
  },
  ClipByValue: (g, { x }, { clipValueMin, clipValueMax }) => clip(g, x, clipValueMin, clipValueMax),
  // y = elu(x): the slope is 1 above zero and y + 1 below.
  EluGrad: (g, { dy, y }) => {
    const below = g.op("Mul", [dy, g.op("Add", [y, g.scalar(1)])]);
    return g.op("Where", [g.op("GreaterOrEqual", [y, g.scalar(0)]), dy, below]);
  },
  LeakyRelu: (g, { x }, { alpha }) => g.op("LeakyRelu", [x], { alpha }),
  Prelu: (g, { x, alpha }) => prelu(g, x, alpha),
  Select: select,
  Step: step,
};

/** The activation of a fused kernel. */
export function activate(
  g: GraphBuilder,
  x: Value,
  activation: string | undefined,
  options: { leakyreluAlpha?: number; preluActivationWeights?: Value } = {},
): Value {
  const activations: Record<string, () => Value> = {
    linear: () => x,
    relu: () => g.op("Relu", [x]),
    relu6: () => clip(g, x, 0, 6),
    elu: () => g.op("Elu", [x], { alpha: 1 }),
    sigmoid: () => g.op("Sigmoid", [x]),
    prelu: () => prelu(g, x, options.preluActivationWeights!),
    leakyrelu: () => g.op("LeakyRelu", [x], { alpha: options.leakyreluAlpha ?? 0.2 }),
  };
  return activations[activation ?? "linear"]();
}
