import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Value } from "../../../src/engine/graph.ts";
import { GraphBuilder } from "../../../src/engine/graph-builder.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import { elementwise } from "../../../src/engine/lowerings/elementwise.ts";
import type { Attributes, OnnxOp } from "../../../src/engine/onnx-ops.ts";
import { Draw } from "../lowerings/draw.ts";

const CPU = { device: "cpu", threads: 1 } as const;
const [N, H, W, C] = [2, 3, 4, 5];

type Make = (op: OnnxOp, inputs: readonly (Value | undefined)[], attributes?: Attributes) => Value;

/** A random graph of the ops that rules rewrite, on [N, H, W, C], written down as `make` makes nodes. */
function grow(g: GraphBuilder, make: Make, draw: Draw): { name: string; value: Value }[] {
  const shape = [N, H, W, C];
  const input = (name: string, dims: number[]) => g.input(name, { dtype: "float32", shape: dims });
  const pool: Value[] = [
    make("Transpose", [input("first", [N, C, H, W])], { perm: [0, 2, 3, 1] }),
    make("Transpose", [input("other", [N, C, H, W])], { perm: [0, 2, 3, 1] }),
    input("last", shape),
  ];
  const small: Value[] = [
    ...[input("channel", [C]), input("mask", [N, 1, 1, C])],
    ...[g.scalar(0), g.scalar(1), g.scalar(0.3), make("Expand", [g.scalar(1), g.list(shape)])],
  ];
  const anyOf = () => (draw.flag() ? draw.pick(pool) : draw.pick(small));
  // Of size 0.5 to 1, so that quotients stay small.
  const divisor = () =>
    make("Add", [make("Mul", [make("Sigmoid", [anyOf()]), g.scalar(0.5)]), g.scalar(0.5)]);
  const steps: (() => Value)[] = [
    () => make("Add", [draw.pick(pool), anyOf()]),
    () => make("Sub", [draw.pick(pool), anyOf()]),
    () => make("Mul", [make("Tanh", [draw.pick(pool)]), anyOf()]),
    () => make("Mul", [anyOf(), make("Tanh", [draw.pick(pool)])]),
    () => make("Mul", [make("Mul", [draw.pick(pool), small[0]]), make("Sigmoid", [anyOf()])]),
    () => make("Div", [draw.pick(pool), divisor()]),
    () => {
      const [x, dy] = [draw.pick(pool), draw.pick(pool)];
      return make("Where", [make("Greater", [x, g.scalar(0)]), dy, make("Mul", [dy, g.scalar(0.2)])]);
    },
    () => {
      const axes = g.list(draw.axes(4));
      const product = make("Mul", [make("Mul", [draw.pick(pool), anyOf()]), small[1]]);
      const sum = make(draw.pick(["ReduceSum", "ReduceMean"]), [product, axes], { keepdims: 1 });
      return make("Expand", [make("Tanh", [sum]), g.list(shape)]);
    },
    () => {
      const joined = make("Concat", [draw.pick(pool), draw.pick(pool)], { axis: 3 });
      const mean = make("ReduceMax", [joined, g.list([1, 3])], { keepdims: 0 });
      return make("Add", [draw.pick(pool), make("Reshape", [mean, g.list([N, 1, W, 1])])]);
    },
  ];
  for (let i = draw.int(2, 8); i > 0; i--) pool.push(draw.pick(steps)());
  return [pool.at(-1)!, draw.pick(pool)].map((value, i) => ({ name: `out${i}`, value }));
}

async function run(seed: number, rewrite: boolean): Promise<{ numbers: number[]; nodes: number }> {
  const g = new GraphBuilder();
  const make: Make = rewrite
    ? (op, inputs, attributes) => g.op(op, inputs, attributes)
    : (op, inputs, attributes = {}) => g.ops(op, inputs, attributes, 1)[0];
  const graph = g.finish("random", grow(g, make, new Draw(seed)));
  const program = await openProgram(graph, CPU);
  const data = new Draw(seed + 1);
  const floats = (shape: number[]) => data.floats(shape, -1, 1).data;
  const results = await program.run({
    first: floats([N, C, H, W]),
    other: floats([N, C, H, W]),
    last: floats([N, H, W, C]),
    channel: floats([C]),
    mask: floats([N, 1, 1, C]),
  });
  await program.dispose();
  const numbers = Object.values(results).flatMap((result) => [...result.shape, ...result.data]);
  return { numbers, nodes: graph.nodes.length };
}

describe("rewriting", () => {
  it("does not change what a graph computes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const [plain, rewritten] = [await run(seed, false), await run(seed, true)];
        expect(rewritten.numbers.length).toBe(plain.numbers.length);
        plain.numbers.forEach((number, i) => {
          // A dozen float32 operations in another order.
          expect(Math.abs(rewritten.numbers[i] - number)).toBeLessThanOrEqual(
            2e-5 * Math.max(1, Math.abs(number)),
          );
        });
      }),
      { numRuns: 120, seed: 2020 },
    );
  });
});

/** The ops of a graph that has one output. */
function opsOf(build: (g: GraphBuilder, input: (name: string, shape: number[]) => Value) => Value): string[] {
  const g = new GraphBuilder();
  const value = build(g, (name, shape) => g.input(name, { dtype: "float32", shape }));
  return g.finish("small", [{ name: "out", value }]).nodes.map(({ op }) => op);
}

const TO_LAST = [0, 2, 3, 1];
const TO_FIRST = [0, 3, 1, 2];

describe("what is left", () => {
  it("between two transpositions that undo each other, whatever lies between: no transposition", () => {
    const ops = opsOf((g, input) => {
      const x = g.transpose(input("x", [N, C, H, W]), TO_LAST);
      const mean = g.reduce("ReduceMean", x, [0, 1, 2], true);
      const scaled = g.op("Mul", [g.op("Sub", [x, mean]), input("scale", [C])]);
      const joined = g.op("Concat", [g.op("LeakyRelu", [scaled], { alpha: 0.2 }), x], { axis: 3 });
      return g.transpose(joined, TO_FIRST);
    });
    expect(ops.filter((op) => op !== "Reshape").toSorted()).toEqual([
      ...["Concat", "LeakyRelu", "Mul", "ReduceMean", "Sub"],
    ]);
  });

  it("of a sum with zeros and a product with ones: nothing", () => {
    const ops = opsOf((g, input) => {
      const x = input("x", [2, 3]);
      const ones = g.constant(new Float32Array(6).fill(1), [2, 3], "float32");
      const zeros = g.expand(g.scalar(0), [2, 3]);
      return g.op("Neg", [g.op("Add", [g.op("Mul", [ones, x]), zeros])]);
    });
    expect(ops).toEqual(["Neg"]);
  });

  it("of a chain of factors by channel: one product of the large array", () => {
    const ops = opsOf((g, input) => {
      const x = input("x", [64, C]);
      const [deviation, scale] = [input("deviation", [C]), input("scale", [C])];
      return g.op("Mul", [g.op("Div", [x, deviation]), scale]);
    });
    expect(ops).toEqual(["Reciprocal", "Mul", "Mul"]);
  });

  it("of a quotient by a constant: the quotient, which keeps its rounding", () => {
    expect(opsOf((g, input) => g.op("Div", [input("x", [64, 2]), g.scalar(255)]))).toEqual(["Div"]);
  });

  it("of sums of one array by different factors: one sum", () => {
    const ops = opsOf((g, input) => {
      const x = input("x", [64, C]);
      const sumBy = (factor: Value) => g.reduce("ReduceSum", g.op("Mul", [x, factor]), [0], false);
      return g.op("Sub", [sumBy(input("a", [C])), sumBy(input("b", [C]))]);
    });
    expect(ops.filter((op) => op === "ReduceSum")).toHaveLength(1);
  });

  it("of a bias after a convolution: nothing, unless the convolution is read elsewhere too", () => {
    const convolution = (elsewhere: boolean) =>
      opsOf((g, input) => {
        const y = g.op("Conv", [input("x", [1, 2, 4, 4]), input("w", [3, 2, 3, 3])], {
          kernel_shape: [3, 3],
        });
        const sum = g.op("Add", [y, input("b", [1, 3, 1, 1])]);
        return elsewhere ? g.op("Mul", [sum, y]) : sum;
      });
    expect(convolution(false)).toEqual(["Reshape", "Conv"]);
    expect(convolution(true)).toEqual(["Conv", "Add", "Mul"]);
  });
});

describe("one matrix's gradients from two batches", () => {
  const product = async (rows: number) => {
    const g = new GraphBuilder();
    const input = (name: string, columns: number) =>
      g.input(name, { dtype: "float32", shape: [rows, columns] });
    const [a, b, c, d] = [input("a", 6), input("b", 5), input("c", 6), input("d", 5)];
    const sum = g.op("Add", [
      g.op("Gemm", [a, b], { transA: 1, transB: 0 }),
      g.op("Gemm", [c, d], { transA: 1, transB: 0 }),
    ]);
    const graph = g.finish("sum", [{ name: "sum", value: sum }]);
    const draw = new Draw(3);
    const feeds = {
      a: draw.floats([rows, 6]).data,
      b: draw.floats([rows, 5]).data,
      c: draw.floats([rows, 6]).data,
      d: draw.floats([rows, 5]).data,
    };
    const program = await openProgram(graph, CPU);
    const { sum: result } = await program.run(feeds);
    await program.dispose();
    const expected = Array.from({ length: 30 }, (_, i) => {
      const [row, column] = [Math.floor(i / 5), i % 5];
      let total = 0;
      for (let k = 0; k < rows; k++)
        total +=
          feeds.a[k * 6 + row] * feeds.b[k * 5 + column] + feeds.c[k * 6 + row] * feeds.d[k * 5 + column];
      return total;
    });
    return { gemms: graph.nodes.filter(({ op }) => op === "Gemm").length, result, expected };
  };

  it("are one product where the batches are small beside the matrix, and two where they are not", async () => {
    for (const [rows, gemms] of [
      [1, 1],
      [40, 2],
    ]) {
      const made = await product(rows);
      expect(made.gemms).toBe(gemms);
      made.expected.forEach((number, i) => {
        expect(made.result.data[i]).toBeCloseTo(number, 3);
      });
    }
  });
});

it("the gradient of rectified units is one product, as exact as the comparison was", async () => {
  const g = new GraphBuilder();
  const [x, dy] = ["x", "dy"].map((name) => g.input(name, { dtype: "float32", shape: [6] }));
  const step = elementwise.Step(g, { x }, { alpha: 0 }) as Value;
  const graph = g.finish("relu", [{ name: "out", value: g.op("Mul", [dy, step]) }]);
  expect(graph.nodes.map(({ op }) => op)).toEqual(["Mul", "Clip", "Mul"]);
  const program = await openProgram(graph, CPU);
  const { out } = await program.run({
    x: Float32Array.of(2, -3, 0, 1e-30, -1e-30, 1e30),
    dy: Float32Array.of(5, 5, 5, 0.1, 5, -7),
  });
  await program.dispose();
  expect(Array.from(out.data, (value) => value + 0)).toEqual([5, 0, 0, Math.fround(0.1), 0, -7]);
});

describe("a sum of products over two batches", () => {
  /** a' b + c' d, of so many rows and columns, after a Reshape as the gradient of a filter has it. */
  const sumOf = (g: GraphBuilder, [rows, height, width]: readonly number[], reshaped: boolean): Value => {
    const product = (name: string): Value => {
      const input = (part: string, columns: number) =>
        g.input(`${name}${part}`, { dtype: "float32", shape: [rows, columns] });
      const made = g.op("Gemm", [input("x", height), input("dy", width)], { transA: 1 });
      return reshaped ? g.reshape(made, [2, height / 2, width]) : made;
    };
    return ["first", "second", "third"].map(product).reduce((sum, value) => g.op("Add", [sum, value]));
  };

  it.each([true, false])("is one product over all of them (reshaped: %s)", async (reshaped) => {
    const [g, draw] = [new GraphBuilder(), new Draw(7)];
    const [rows, height, width] = [2, 6, 5];
    const value = sumOf(g, [rows, height, width], reshaped);
    const graph = g.finish("sum", [{ name: "out", value }]);
    expect(graph.nodes.filter(({ op }) => op !== "Reshape").map(({ op }) => op)).toEqual([
      ...["Concat", "Concat", "Gemm"],
    ]);
    const arrays = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => [name, draw.floats([...shape], -1, 1).data as Float32Array]),
    );
    const program = await openProgram(graph, CPU);
    const { out } = await program.run(arrays);
    await program.dispose();
    expect(out.shape).toEqual(value.shape);
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (const name of ["first", "second", "third"])
          for (let row = 0; row < rows; row++)
            sum += arrays[`${name}x`][row * height + i] * arrays[`${name}dy`][row * width + j];
        expect(out.data[i * width + j]).toBeCloseTo(sum, 5);
      }
  });

  it("stays a sum where the rows to be copied are many beside the product", () => {
    const g = new GraphBuilder();
    const value = sumOf(g, [40, 4, 3], false);
    const ops = g.finish("sum", [{ name: "out", value }]).nodes.map(({ op }) => op);
    expect(ops.filter((op) => op === "Gemm")).toHaveLength(3);
  });
});
