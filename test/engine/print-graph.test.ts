import { expect, it } from "vitest";
import { GraphBuilder } from "../../src/engine/graph-builder.ts";
import { graphToText } from "../../src/engine/print-graph.ts";

it("a graph prints one line a node, with short constants where they are used and long ones cut", () => {
  const graph = new GraphBuilder();
  const x = graph.input("x", { dtype: "float32", shape: [2, 3, 4, 4] });
  const filter = graph.constant(
    Float32Array.from({ length: 15 }, (_, i) => i / 7),
    [5, 3, 1, 1],
    "float32",
  );
  const conv = graph.op("Conv", [x, filter], { kernel_shape: [1, 1], strides: [2, 2] });
  const active = graph.op("LeakyRelu", [graph.op("Clip", [conv, undefined, graph.scalar(6)])], {
    alpha: 0.2,
  });
  const [first, second] = graph.ops("Split", [active, graph.list([2, 3])], { axis: 1 }, 2);
  const built = graph.finish("small", [
    { name: "features", value: graph.op("ReduceMean", [first, graph.list([2, 3])], { keepdims: 0 }) },
    { name: "rest", value: second },
    { name: "minus", value: graph.numbers([-0, 2], [2], "float32") },
  ]);
  expect(graphToText(built)).toMatchInlineSnapshot(`
    "graph small
    %x: float32[2,3,4,4] = input
    %.c0: float32[5,3,1,1] = {0, 0.142857, 0.285714, 0.428571, 0.571429, 0.714286, 0.857143, 1, ...}
    %.v0: float32[2,5,2,2] = Conv(%x, %.c0, kernel_shape=[1,1], strides=[2,2])
    %.v1: float32[2,5,2,2] = Clip(%.v0, _, 6)
    %.v2: float32[2,5,2,2] = LeakyRelu(%.v1, alpha=0.2)
    %.v3: float32[2,2,2,2], %.v4: float32[2,3,2,2] = Split(%.v2, int64[2]{2, 3}, axis=1)
    %.v5: float32[2,2] = ReduceMean(%.v3, int64[2]{2, 3}, keepdims=0)
    return features = %.v5
    return rest = %.v4
    return minus = float32[2]{-0, 2}"
  `);
});
