/** Type rules of ONNX operators: from the types of a node's inputs to the types of its outputs. */
import { GanEvalError } from "../errors.ts";
import type { Constant, DataType, TensorType, Value } from "./graph.ts";
import type { Attributes } from "./onnx-ops.ts";

type Inputs = readonly (Value | Constant | undefined)[];

/** ONNX's TensorProto.DataType numbers (onnx.proto, message TensorProto). */
export const ELEMENT_TYPE_NUMBER: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

function refuse(reason: string): never {
  throw new GanEvalError("internal.graph-type", `internal: ${reason}`);
}

const ints = (attributes: Attributes, name: string, absent: readonly number[]): readonly number[] =>
  (attributes[name] as readonly number[] | undefined) ?? absent;
const int = (attributes: Attributes, name: string, absent: number): number =>
  (attributes[name] as number | undefined) ?? absent;

/** The integers of a constant input. */
function constantInts(input: Value | Constant | undefined, what: string): number[] {
  if (input === undefined || !("data" in input)) refuse(`${what} must be a constant`);
  return Array.from(input.data as ArrayLike<number | bigint>, Number);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** The shape that all shapes broadcast to, by NumPy's rule. */
export function broadcastShapes(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let dim = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own !== 1 && dim !== 1 && own !== dim)
        refuse(`shapes ${shapes.map((s) => `[${s}]`).join(" and ")} do not broadcast`);
      if (own !== 1) dim = own;
    }
    return dim;
  });
}

function sameDtype(inputs: Inputs): DataType {
  const [first, ...rest] = inputs as readonly Value[];
  for (const other of rest)
    if (other.dtype !== first.dtype)
      refuse(`inputs must have one type, got ${first.dtype} and ${other.dtype}`);
  return first.dtype;
}

export const sameAsFirst = (inputs: Inputs): TensorType[] => [
  { dtype: inputs[0]!.dtype, shape: inputs[0]!.shape },
];
export const sameShapeBool = (inputs: Inputs): TensorType[] => [{ dtype: "bool", shape: inputs[0]!.shape }];
export const broadcast = (inputs: Inputs): TensorType[] => [
  { dtype: sameDtype(inputs), shape: broadcastShapes(...inputs.map((input) => input!.shape)) },
];
export const broadcastToBool = (inputs: Inputs): TensorType[] => [{ ...broadcast(inputs)[0], dtype: "bool" }];

export function where(inputs: Inputs): TensorType[] {
  if (inputs[0]!.dtype !== "bool") refuse(`Where needs a bool condition, got ${inputs[0]!.dtype}`);
  return [
    { dtype: sameDtype(inputs.slice(1)), shape: broadcastShapes(...inputs.map((input) => input!.shape)) },
  ];
}

export function cast([x]: Inputs, attributes: Attributes): TensorType[] {
  const entry = Object.entries(ELEMENT_TYPE_NUMBER).find(([, number]) => number === attributes.to);
  return [
    { dtype: (entry ?? refuse(`Cast to unknown type ${attributes.to}`))[0] as DataType, shape: x!.shape },
  ];
}

function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  const reduced = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  return shape.flatMap((dim, axis) => (reduced.has(axis) ? (keep ? [1] : []) : [dim]));
}

export function reduce([x, axes]: Inputs, attributes: Attributes): TensorType[] {
  const given = axes === undefined ? [] : constantInts(axes, "axes");
  const all =
    given.length > 0 ? given : attributes.noop_with_empty_axes ? [] : x!.shape.map((_, axis) => axis);
  return [{ dtype: x!.dtype, shape: reducedShape(x!.shape, all, int(attributes, "keepdims", 1) === 1) }];
}

export const argReduce = ([x]: Inputs, attributes: Attributes): TensorType[] => [
  {
    dtype: "int64",
    shape: reducedShape(x!.shape, [int(attributes, "axis", 0)], int(attributes, "keepdims", 1) === 1),
  },
];

export function matmul(inputs: Inputs): TensorType[] {
  const [a, b] = inputs.map((input) => input!.shape);
  if (a.length < 2 || b.length < 2) refuse(`MatMul needs rank 2 and more, got [${a}] and [${b}]`);
  if (a.at(-1) !== b.at(-2)) refuse(`MatMul of [${a}] and [${b}]`);
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
  return [{ dtype: sameDtype(inputs), shape: [...batch, a.at(-2)!, b.at(-1)!] }];
}

export function gemm(inputs: Inputs, attributes: Attributes): TensorType[] {
  const [a, b, c] = inputs.map((input) => input?.shape);
  const [m, k] = attributes.transA ? [a![1], a![0]] : [a![0], a![1]];
  const [k2, n] = attributes.transB ? [b![1], b![0]] : [b![0], b![1]];
  if (a!.length !== 2 || b!.length !== 2 || k !== k2) refuse(`Gemm of [${a}] and [${b}]`);
  if (c !== undefined && broadcastShapes([m, n], c).join() !== `${m},${n}`)
    refuse(`Gemm adds [${c}] to [${m},${n}]`);
  return [{ dtype: sameDtype(inputs.filter((input) => input !== undefined)), shape: [m, n] }];
}

/** Where a window of `kernel` taps can stand on a padded axis: floor((size + pads - extent) / stride) + 1. */
function windows(size: number, kernel: number, stride: number, pads: number, dilation = 1): number {
  return Math.floor((size + pads - (dilation * (kernel - 1) + 1)) / stride) + 1;
}

function windowed(spatial: readonly number[], kernel: readonly number[], attributes: Attributes): number[] {
  const rank = spatial.length;
  const strides = ints(attributes, "strides", Array(rank).fill(1));
  const dilations = ints(attributes, "dilations", Array(rank).fill(1));
  const pads = ints(attributes, "pads", Array(2 * rank).fill(0));
  return spatial.map((size, i) =>
    windows(size, kernel[i], strides[i], pads[i] + pads[i + rank], dilations[i]),
  );
}

export function conv(inputs: Inputs, attributes: Attributes): TensorType[] {
  const [x, w] = inputs as readonly Value[];
  const group = int(attributes, "group", 1);
  if (x.shape[1] !== w.shape[1] * group) refuse(`Conv of [${x.shape}] with [${w.shape}], ${group} groups`);
  const spatial = windowed(x.shape.slice(2), w.shape.slice(2), attributes);
  return [{ dtype: x.dtype, shape: [x.shape[0], w.shape[0], ...spatial] }];
}

/** Channels that are no whole number of blocks would be filled up: lowerings fill them up before. */
export function reorderInput(inputs: Inputs, attributes: Attributes): TensorType[] {
  const [{ dtype, shape }] = inputs as readonly Value[];
  const [batch, ...sides] = shape;
  const last = int(attributes, "channels_last", 0) === 1;
  return [{ dtype, shape: last ? [batch, sides[2], sides[0], sides[1]] : shape }];
}

export function reorderOutput(inputs: Inputs, attributes: Attributes): TensorType[] {
  const [{ dtype, shape }] = inputs as readonly Value[];
  const [batch, filled, height, width] = shape;
  const channels = int(attributes, "channels", filled);
  if (channels > filled) refuse(`ReorderOutput of [${shape}] to ${channels} channels`);
  const last = int(attributes, "channels_last", 0) === 1;
  return [{ dtype, shape: last ? [batch, height, width, channels] : [batch, channels, height, width] }];
}

export function convTranspose(inputs: Inputs, attributes: Attributes): TensorType[] {
  const [x, w] = inputs as readonly Value[];
  const rank = x.shape.length - 2;
  const group = int(attributes, "group", 1);
  if (x.shape[1] !== w.shape[0]) refuse(`ConvTranspose of [${x.shape}] with [${w.shape}]`);
  const strides = ints(attributes, "strides", Array(rank).fill(1));
  const dilations = ints(attributes, "dilations", Array(rank).fill(1));
  const pads = ints(attributes, "pads", Array(2 * rank).fill(0));
  const extra = ints(attributes, "output_padding", Array(rank).fill(0));
  const spatial = x.shape
    .slice(2)
    .map(
      (size, i) =>
        strides[i] * (size - 1) +
        extra[i] +
        dilations[i] * (w.shape[i + 2] - 1) +
        1 -
        pads[i] -
        pads[i + rank],
    );
  return [{ dtype: x.dtype, shape: [x.shape[0], w.shape[1] * group, ...spatial] }];
}

/** One output; MaxPool's second is the position of each maximum in the flattened input. */
export function pool([x]: Inputs, attributes: Attributes, outputCount: number): TensorType[] {
  const spatial = windowed(x!.shape.slice(2), ints(attributes, "kernel_shape", []), attributes);
  const shape = [...x!.shape.slice(0, 2), ...spatial];
  return [{ dtype: x!.dtype, shape }, ...(outputCount > 1 ? [{ dtype: "int64" as const, shape }] : [])];
}

export function concat(inputs: Inputs, attributes: Attributes): TensorType[] {
  const axis = int(attributes, "axis", 0);
  const shape = [...inputs[0]!.shape];
  for (const input of inputs.slice(1)) {
    const same =
      input!.shape.length === shape.length && input!.shape.every((d, i) => i === axis || d === shape[i]);
    if (!same) refuse(`Concat of [${inputs[0]!.shape}] and [${input!.shape}] along ${axis}`);
    shape[axis] += input!.shape[axis];
  }
  return [{ dtype: sameDtype(inputs), shape }];
}

export function split([x, sizes]: Inputs, attributes: Attributes): TensorType[] {
  const axis = int(attributes, "axis", 0);
  const parts = constantInts(sizes, "Split's sizes");
  if (parts.reduce((sum, part) => sum + part, 0) !== x!.shape[axis])
    refuse(`Split of [${x!.shape}] into ${parts} along ${axis}`);
  return parts.map((part) => ({ dtype: x!.dtype, shape: x!.shape.map((d, i) => (i === axis ? part : d)) }));
}

export function reshape([x, shape]: Inputs): TensorType[] {
  const target = constantInts(shape, "Reshape's shape");
  if (sizeOf(target) !== sizeOf(x!.shape)) refuse(`Reshape of [${x!.shape}] to [${target}]`);
  return [{ dtype: x!.dtype, shape: target }];
}

export const transpose = ([x]: Inputs, attributes: Attributes): TensorType[] => [
  { dtype: x!.dtype, shape: ints(attributes, "perm", []).map((axis) => x!.shape[axis]) },
];

export const expand = ([x, shape]: Inputs): TensorType[] => [
  { dtype: x!.dtype, shape: broadcastShapes(x!.shape, constantInts(shape, "Expand's shape")) },
];

export function tile([x, repeats]: Inputs): TensorType[] {
  const times = constantInts(repeats, "Tile's repeats");
  return [{ dtype: x!.dtype, shape: x!.shape.map((dim, axis) => dim * times[axis]) }];
}

export function pad([x, pads]: Inputs): TensorType[] {
  const amounts = constantInts(pads, "Pad's pads");
  const rank = x!.shape.length;
  return [
    { dtype: x!.dtype, shape: x!.shape.map((dim, axis) => dim + amounts[axis] + amounts[axis + rank]) },
  ];
}

/** Starts and ends are taken as already clamped, except for a negative step's end before the first element. */
export function slice([x, starts, ends, axes, steps]: Inputs): TensorType[] {
  const from = constantInts(starts, "Slice's starts");
  const to = constantInts(ends, "Slice's ends");
  const along = axes === undefined ? from.map((_, axis) => axis) : constantInts(axes, "Slice's axes");
  const by = steps === undefined ? from.map(() => 1) : constantInts(steps, "Slice's steps");
  const shape = [...x!.shape];
  along.forEach((axis, i) => {
    const dim = x!.shape[axis];
    const last = by[i] > 0 ? dim : dim - 1;
    const start = Math.min(from[i] < 0 ? from[i] + dim : from[i], last);
    const end =
      by[i] > 0
        ? Math.min(to[i] < 0 ? to[i] + dim : to[i], dim)
        : Math.max(to[i] < 0 ? to[i] + dim : to[i], -1);
    shape[axis] = Math.max(0, Math.ceil((end - start) / by[i]));
  });
  return [{ dtype: x!.dtype, shape }];
}

export function gather([x, indices]: Inputs, attributes: Attributes): TensorType[] {
  const axis = int(attributes, "axis", 0);
  return [
    { dtype: x!.dtype, shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)] },
  ];
}

export function gatherNd([x, indices]: Inputs, attributes: Attributes): TensorType[] {
  const batch = int(attributes, "batch_dims", 0);
  if (indices!.dtype !== "int64") refuse(`GatherND needs int64 indices, got ${indices!.dtype}`);
  return [
    {
      dtype: x!.dtype,
      shape: [...indices!.shape.slice(0, -1), ...x!.shape.slice(batch + indices!.shape.at(-1)!)],
    },
  ];
}

export function topK([x, k]: Inputs, attributes: Attributes): TensorType[] {
  const axis = int(attributes, "axis", -1);
  const [count] = constantInts(k, "TopK's k");
  const along = axis < 0 ? axis + x!.shape.length : axis;
  const shape = x!.shape.map((dim, i) => (i === along ? count : dim));
  return [
    { dtype: x!.dtype, shape },
    { dtype: "int64", shape },
  ];
}

export function depthToSpace([x]: Inputs, attributes: Attributes): TensorType[] {
  const block = int(attributes, "blocksize", 1);
  const [n, c, h, w] = x!.shape;
  return [{ dtype: x!.dtype, shape: [n, c / (block * block), h * block, w * block] }];
}

export function einsum(inputs: Inputs, attributes: Attributes): TensorType[] {
  const [left, right] = (attributes.equation as string).replaceAll(" ", "").split("->");
  const sizes = new Map<string, number>();
  left.split(",").forEach((term, i) => {
    [...term].forEach((letter, axis) => {
      sizes.set(letter, inputs[i]!.shape[axis]);
    });
  });
  return [{ dtype: sameDtype(inputs), shape: [...right].map((letter) => sizes.get(letter)!) }];
}
