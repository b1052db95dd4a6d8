import fc from "fast-check";
import { expect, it } from "vitest";
import { GraphBuilder } from "../../../src/engine/graph-builder.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import { Draw } from "../lowerings/draw.ts";

const CPU = { device: "cpu", threads: 1 } as const;
/** No block that a machine has: what is tried is the sums alone, which any machine computes. */
const BLOCK = 2;

/** The sums, or means, over axes, in float64. */
function reduced(op: "ReduceSum" | "ReduceMean", x: Float32Array, shape: number[], axes: number[]): number[] {
  const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const sums = Array<number>(kept.reduce((a, b) => a * b)).fill(0);
  x.forEach((value, i) => {
    let [rest, at, step] = [i, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
      if (!axes.includes(axis)) at += index * step;
      step *= kept[axis];
    }
    sums[at] += value;
  });
  const count = x.length / sums.length;
  return op === "ReduceMean" ? sums.map((sum) => sum / count) : sums;
}

it("sums and means over any axes are those of their definition, in the shape of the op", async () => {
  let products = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const draw = new Draw(seed);
      const shape = Array.from({ length: draw.int(3, 4) }, () => [1, 3, 20, 300][draw.int(0, 3)]);
      // Neighbours half of the time, and any otherwise.
      const from = draw.int(0, shape.length - 1);
      const [areNeighbours, until] = [draw.int(0, 1) === 1, draw.int(from, shape.length - 1)];
      const axes = shape.flatMap((_, axis) =>
        (areNeighbours ? axis >= from && axis <= until : draw.int(0, 1) === 1) ? [axis] : [],
      );
      fc.pre(axes.length > 0 && shape.reduce((a, b) => a * b) <= 200_000);
      const op = draw.int(0, 1) === 1 ? "ReduceSum" : "ReduceMean";
      const keepdims = draw.int(0, 1);
      const x = draw.floats(shape, -1, 1).data as Float32Array;
      const g = new GraphBuilder("cpu", BLOCK);
      const given = g.input("x", { dtype: "float32", shape });
      const value = g.op(op, [given, g.list(axes)], { keepdims });
      const kept = shape.flatMap((dim, axis) => (axes.includes(axis) ? (keepdims ? [1] : []) : [dim]));
      expect(value.shape).toEqual(kept);
      const graph = g.finish("sums", [{ name: "y", value }]);
      if (graph.nodes.some((node) => node.op === "MatMul")) products++;
      const program = await openProgram(graph, CPU);
      const { y } = await program.run({ x });
      await program.dispose();
      const scale = op === "ReduceMean" ? 1 : x.length;
      reduced(op, x, shape, axes).forEach((expected, i) => {
        // float32 sums of numbers up to 1 in another order.
        expect(Math.abs(y.data[i] - expected) / scale, JSON.stringify({ op, shape, axes })).toBeLessThan(
          1e-6,
        );
      });
    }),
    { numRuns: 400, seed: 2020 },
  );
  expect(products).toBeGreaterThan(10);
});

it("a graph that any reader of ONNX runs keeps its sums", () => {
  const g = new GraphBuilder();
  const x = g.input("x", { dtype: "float32", shape: [1, 16, 16, 64] });
  const value = g.op("ReduceSum", [x, g.list([1, 2])], { keepdims: 0 });
  expect(g.finish("sums", [{ name: "y", value }]).nodes.map(({ op }) => op)).toEqual(["ReduceSum"]);
});
