import type { Graph, Value } from "../../src/engine/graph.ts";
import { GraphBuilder } from "../../src/engine/graph-builder.ts";
import type { Draw } from "./lowerings/draw.ts";

/** A well-formed float32 graph of 1 to 12 nodes of common kinds, whose values stay of size 10 or so. */
export function randomGraph(draw: Draw): Graph {
  const graph = new GraphBuilder();
  const shape = [draw.int(1, 4), draw.int(1, 4)];
  const floats = (dims: readonly number[]) =>
    graph.constant(
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => draw.uniform() - 0.5),
      dims,
      "float32",
    );
  const pool: Value[] = [
    graph.input("x", { dtype: "float32", shape }),
    graph.input("y", { dtype: "float32", shape }),
    floats(shape),
  ];
  const grow: ((x: Value, y: Value) => Value)[] = [
    (x) => graph.op("Tanh", [x]),
    (x) => graph.op("LeakyRelu", [x], { alpha: draw.uniform() }),
    (x, y) => graph.op("Add", [x, y]),
    (x, y) => graph.op("Sub", [x, y]),
    (x) => graph.op("MatMul", [graph.op("Tanh", [x]), floats([shape[1], shape[1]])]),
    (x, y) => graph.op("Where", [graph.op("Less", [x, y]), x, y]),
    (x) =>
      graph.op("Transpose", [graph.op("Reshape", [x, graph.list([shape[1], shape[0]])])], { perm: [1, 0] }),
    (x) => graph.op("Clip", [x, undefined, graph.scalar(1)]),
    (x) => graph.ops("Split", [x, graph.list([1, shape[0] - 1])], { axis: 0 }, 2)[0],
    (x) => graph.op("Expand", [graph.reduce("ReduceMean", x, [0], true), graph.list(shape)]),
  ];
  for (let n = draw.int(1, 12); n > 0; n--) {
    const next = draw.pick(grow)(draw.pick(pool), draw.pick(pool));
    pool.push(next.shape.join() === shape.join() ? next : graph.op("Expand", [next, graph.list(shape)]));
  }
  // Any value may be an output, an input, a constant or the same one twice too.
  const outputs = Array.from({ length: draw.int(1, 4) }, (_, i) => ({
    name: `out${i}`,
    value: draw.pick(pool),
  }));
  return graph.finish("random", outputs);
}
