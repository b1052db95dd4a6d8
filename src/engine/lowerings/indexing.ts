/** Kernels that find or place elements by position. */

import type { DataType, Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";

const zeros = (g: GraphBuilder, shape: readonly number[], dtype: DataType): Value =>
  g.expand(g.scalar(0, dtype), shape);

/** Gathers along an axis, each batch element with its own indices. */
function gatherBatched(g: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  const rank = x.shape.length;
  const front = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis);
  front.splice(batchDims, 0, axis);
  const gathered = g.op(
    "GatherND",
    [g.transpose(x, front), g.cast(g.reshape(indices, [...indices.shape, 1]), "int64")],
    { batch_dims: batchDims },
  );
  // Now: batch, indices, the axes between batch and axis, the axes after it. The indices belong between the last two.
  const own = indices.shape.length - batchDims;
  const between = axis - batchDims;
  const order = [
    ...Array.from({ length: batchDims }, (_, i) => i),
    ...Array.from({ length: between }, (_, i) => batchDims + own + i),
    ...Array.from({ length: own }, (_, i) => batchDims + i),
    ...Array.from({ length: rank - axis - 1 }, (_, i) => batchDims + own + between + i),
  ];
  return g.transpose(gathered, order);
}

export const indexing: Lowerings<
  "GatherNd" | "GatherV2" | "OneHot" | "ScatterNd" | "TensorScatterUpdate" | "TopK" | "UnsortedSegmentSum"
> = {
  GatherNd: (g, { params, indices }) => g.op("GatherND", [params, g.cast(indices, "int64")]),
  GatherV2: (g, { x, indices }, { axis, batchDims }) => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    const batch = batchDims < 0 ? batchDims + indices.shape.length : (batchDims ?? 0);
    const whole = g.cast(indices, "int32");
    return batch === 0
      ? g.op("Gather", [x, whole], { axis: along })
      : gatherBatched(g, x, whole, along, batch);
  },
  // ONNX Runtime has OneHot for few types; a comparison with 0 ... depth - 1 has them all.
  OneHot: (g, { indices }, { depth, onValue, offValue, dtype }) => {
    const positions = g.numbers(
      Array.from({ length: depth }, (_, i) => i),
      [depth],
      "int32",
    );
    const hot = g.op("Equal", [g.cast(g.reshape(indices, [...indices.shape, 1]), "int32"), positions]);
    const type = (dtype ?? "float32") as "float32" | "int32";
    return g.op("Where", [hot, g.scalar(onValue, type), g.scalar(offValue, type)]);
  },
  ScatterNd: (g, { indices, updates }, { shape }) =>
    g.op("ScatterND", [zeros(g, shape, updates.dtype), g.cast(indices, "int64"), updates], {
      reduction: "add",
    }),
  TensorScatterUpdate: (g, { tensor, indices, updates }) =>
    g.op("ScatterND", [tensor, g.cast(indices, "int64"), updates], { reduction: "none" }),
  TopK: (g, { x }, { k, sorted }) => {
    const [values, positions] = g.ops(
      "TopK",
      [x, g.list([k])],
      { axis: x.shape.length - 1, largest: 1, sorted: sorted ? 1 : 0 },
      2,
    );
    return [values, g.cast(positions, "int32")];
  },
  UnsortedSegmentSum: (g, { x, segmentIds }, { numSegments }) => {
    const rest = x.shape.slice(segmentIds.shape.length);
    const rows = g.reshape(g.cast(segmentIds, "int64"), [...segmentIds.shape, 1]);
    return g.op("ScatterND", [zeros(g, [numSegments, ...rest], x.dtype), rows, x], { reduction: "add" });
  },
};
