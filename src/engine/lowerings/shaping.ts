/** Kernels that move elements without changing them, and kernels that make constants. */

import type { DataType, Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";
import { slice_util, util } from "../tfjs.ts";

const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** x[starts : ends : steps] along every axis. An end of -1 with a negative step means: through the first element. */
function strided(
  g: GraphBuilder,
  x: Value,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
): Value {
  const changed = x.shape
    .map((_, axis) => axis)
    .filter((axis) => starts[axis] !== 0 || ends[axis] !== x.shape[axis] || steps[axis] !== 1);
  if (changed.length === 0) return x;
  const beforeFirst = -Number.MAX_SAFE_INTEGER;
  return g.op("Slice", [
    x,
    g.list(changed.map((axis) => starts[axis])),
    g.list(changed.map((axis) => (ends[axis] < 0 ? beforeFirst : ends[axis]))),
    g.list(changed),
    g.list(changed.map((axis) => steps[axis])),
  ]);
}

/** The elements of each axis in reverse. */
export function reversed(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const turned = new Set(
    axes.map((axis) => positive(axis, x.shape.length)).filter((axis) => x.shape[axis] > 1),
  );
  const pick = (axis: number, forward: number, backward: number) => (turned.has(axis) ? backward : forward);
  return strided(
    g,
    x,
    x.shape.map((dim, axis) => pick(axis, 0, dim - 1)),
    x.shape.map((dim, axis) => pick(axis, dim, -1)),
    x.shape.map((_, axis) => pick(axis, 1, -1)),
  );
}

/** Zeros behind an axis until it is so long. */
export function filledTo(g: GraphBuilder, x: Value, axis: number, length: number): Value {
  if (x.shape[axis] === length) return x;
  const amounts = Array<number>(2 * x.shape.length).fill(0);
  amounts[x.shape.length + axis] = length - x.shape[axis];
  return g.op("Pad", [x, g.list(amounts)], { mode: "constant" });
}

/** Takes the elements at fixed positions of one axis. */
function takeAlong(g: GraphBuilder, x: Value, axis: number, positions: readonly number[]): Value {
  if (positions.length === x.shape[axis] && positions.every((position, i) => position === i)) return x;
  return g.op("Gather", [x, g.list(positions)], { axis });
}

/** Where position i of a mirrored axis comes from; `symmetric` repeats the border, `reflect` does not. */
function mirrored(size: number, before: number, after: number, mode: "reflect" | "symmetric"): number[] {
  const offset = mode === "reflect" ? 0 : 1;
  return Array.from({ length: before + size + after }, (_, i) => {
    const position = i - before;
    if (position < 0) return -position - offset;
    return position < size ? position : 2 * size - 2 - position + offset;
  });
}

/** All-zero bytes of a type, spread by Expand, cost nothing in the file. */
function filled(g: GraphBuilder, shape: readonly number[], value: number, dtype: string | undefined): Value {
  return g.expand(g.scalar(value, (dtype ?? "float32") as DataType as "float32"), shape);
}

function sequence(
  g: GraphBuilder,
  count: number,
  at: (i: number) => number,
  dtype: "float32" | "int32",
): Value {
  return g.numbers(
    Array.from({ length: count }, (_, i) => at(i)),
    [count],
    dtype,
  );
}

function split(g: GraphBuilder, x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  if (sizes.length === 1) return [x];
  return g.ops("Split", [x, g.list(sizes)], { axis }, sizes.length);
}

/** Cuts blocks out of space into the batch. Source: the formula in TensorFlow's documentation of SpaceToBatchND. */
function spaceToBatch(
  g: GraphBuilder,
  x: Value,
  block: readonly number[],
  paddings: readonly number[][],
): Value {
  const rest = x.shape.length - 1 - block.length;
  const pads = [0, ...paddings.map(([before]) => before), ...Array<number>(rest).fill(0)];
  const padsAfter = [0, ...paddings.map(([, after]) => after), ...Array<number>(rest).fill(0)];
  const padded = [...pads, ...padsAfter].some((pad) => pad > 0)
    ? g.op("Pad", [x, g.list([...pads, ...padsAfter]), g.scalar(0, x.dtype as "float32")], {
        mode: "constant",
      })
    : x;
  const [batch, ...tail] = padded.shape;
  const spatial = tail.slice(0, block.length);
  const depth = tail.slice(block.length);
  const cut = g.reshape(padded, [
    batch,
    ...spatial.flatMap((dim, i) => [dim / block[i], block[i]]),
    ...depth,
  ]);
  const perm = [
    ...block.map((_, i) => 2 * i + 2),
    0,
    ...block.map((_, i) => 2 * i + 1),
    ...depth.map((_, i) => 2 * block.length + 1 + i),
  ];
  const blocks = block.reduce((product, size) => product * size, 1);
  return g.reshape(g.transpose(cut, perm), [
    batch * blocks,
    ...spatial.map((dim, i) => dim / block[i]),
    ...depth,
  ]);
}

/** The way back, with borders cropped. */
function batchToSpace(
  g: GraphBuilder,
  x: Value,
  block: readonly number[],
  crops: readonly number[][],
): Value {
  const [batch, ...tail] = x.shape;
  const blocks = block.reduce((product, size) => product * size, 1);
  const spatial = tail.slice(0, block.length);
  const depth = tail.slice(block.length);
  const rank = block.length;
  const perm = [
    rank,
    ...block.flatMap((_, i) => [rank + 1 + i, i]),
    ...depth.map((_, i) => 2 * rank + 1 + i),
  ];
  const joined = g.transpose(g.reshape(x, [...block, batch / blocks, ...tail]), perm);
  const whole = g.reshape(joined, [batch / blocks, ...spatial.map((dim, i) => dim * block[i]), ...depth]);
  const starts = [0, ...crops.map(([before]) => before), ...depth.map(() => 0)];
  const ends = whole.shape.map((dim, axis) => dim - (crops[axis - 1]?.[1] ?? 0));
  return strided(
    g,
    whole,
    starts,
    ends,
    whole.shape.map(() => 1),
  );
}

export const shaping: Lowerings<
  | "BatchToSpaceND"
  | "Concat"
  | "DepthToSpace"
  | "ExpandDims"
  | "Fill"
  | "FlipLeftRight"
  | "LinSpace"
  | "MirrorPad"
  | "Pack"
  | "PadV2"
  | "Range"
  | "Reshape"
  | "Reverse"
  | "Slice"
  | "SpaceToBatchND"
  | "SplitV"
  | "StridedSlice"
  | "Tile"
  | "Transpose"
  | "Unpack"
> = {
  BatchToSpaceND: (g, { x }, { blockShape, crops }) => batchToSpace(g, x, blockShape, crops),
  Concat: (g, values, { axis }) => {
    const filledOnes = values.filter((value) => value.shape.every((dim) => dim > 0));
    if (filledOnes.length === 1) return filledOnes[0];
    return g.op("Concat", filledOnes, { axis: positive(axis, values[0].shape.length) });
  },
  // TensorFlow's order of depth is ONNX's DCR: block position outermost.
  DepthToSpace: (g, { x }, { blockSize, dataFormat }) => {
    const first = dataFormat === "NCHW" ? x : g.transpose(x, [0, 3, 1, 2]);
    const spread = g.op("DepthToSpace", [first], { blocksize: blockSize, mode: "DCR" });
    return dataFormat === "NCHW" ? spread : g.transpose(spread, [0, 2, 3, 1]);
  },
  ExpandDims: (g, { input }, { dim }) => {
    const at = positive(dim, input.shape.length + 1);
    return g.reshape(input, input.shape.toSpliced(at, 0, 1));
  },
  Fill: (g, _, { shape, value, dtype }) => filled(g, shape, Number(value), dtype),
  FlipLeftRight: (g, { image }) => reversed(g, image, [2]),
  LinSpace: (g, _, { start, stop, num }) =>
    sequence(g, num, (i) => start + (num === 1 ? 0 : (i * (stop - start)) / (num - 1)), "float32"),
  MirrorPad: (g, { x }, { paddings, mode }) =>
    paddings.reduce(
      (padded, [before, after], axis) =>
        takeAlong(g, padded, axis, mirrored(x.shape[axis], before, after, mode)),
      x as Value,
    ),
  Pack: (g, values, { axis }) => {
    const at = positive(axis, values[0].shape.length + 1);
    const raised = values.map((value) => g.reshape(value, value.shape.toSpliced(at, 0, 1)));
    return g.concat(raised, at);
  },
  PadV2: (g, { x }, { paddings, constantValue }) => {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
    return g.op("Pad", [x, g.list(pads), g.scalar(constantValue, x.dtype as "float32")], {
      mode: "constant",
    });
  },
  Range: (g, _, { start, stop, step, dtype }) =>
    sequence(g, Math.max(0, Math.ceil((stop - start) / step)), (i) => start + i * step, dtype),
  Reshape: (g, { x }, { shape }) =>
    g.reshape(x, util.inferFromImplicitShape(shape, util.sizeFromShape([...x.shape]))),
  Reverse: (g, { x }, { dims }) => reversed(g, x, typeof dims === "number" ? [dims] : dims),
  Slice: (g, { x }, { begin, size }) => {
    const [starts, sizes] = slice_util.parseSliceParams({ shape: [...x.shape] } as never, begin, size);
    return strided(
      g,
      x,
      starts,
      starts.map((start, axis) => start + sizes[axis]),
      starts.map(() => 1),
    );
  },
  SpaceToBatchND: (g, { x }, { blockShape, paddings }) => spaceToBatch(g, x, blockShape, paddings),
  SplitV: (g, { x }, { numOrSizeSplits, axis }) => {
    const along = positive(axis, x.shape.length);
    const sizes =
      typeof numOrSizeSplits === "number"
        ? Array<number>(numOrSizeSplits).fill(x.shape[along] / numOrSizeSplits)
        : inferredSizes(numOrSizeSplits, x.shape[along]);
    return split(g, x, sizes, along);
  },
  StridedSlice: (g, { x }, attrs) => {
    const info = slice_util.sliceInfo(
      [...x.shape],
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    return g.reshape(strided(g, x, info.begin, info.end, info.strides), info.finalShape);
  },
  Tile: (g, { x }, { reps }) => (reps.every((times) => times === 1) ? x : g.op("Tile", [x, g.list(reps)])),
  Transpose: (g, { x }, { perm }) => g.transpose(x, perm),
  Unpack: (g, { value }, { axis }) => {
    const along = positive(axis, value.shape.length);
    const parts = split(g, value, Array<number>(value.shape[along]).fill(1), along);
    return parts.map((part) => g.reshape(part, part.shape.toSpliced(along, 1)));
  },
};

/** One size of -1 takes what the others leave. */
function inferredSizes(sizes: readonly number[], total: number): number[] {
  const named = sizes.filter((size) => size >= 0).reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => (size < 0 ? total - named : size));
}
