import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Value } from "../../../src/engine/graph.ts";
import { GraphBuilder } from "../../../src/engine/graph-builder.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import { convolution } from "../../../src/engine/lowerings/convolution.ts";
import {
  convolveRows,
  filterGradientByRows,
  inputGradientByRows,
  isByRows,
} from "../../../src/engine/lowerings/convolution-by-rows.ts";
import { definition, drawProblem, type Name, type Problem } from "./convolution-drawn.ts";
import { Draw } from "./draw.ts";

const CPU = { device: "cpu", threads: 1 } as const;

const WAYS: Record<Name, (g: GraphBuilder, given: Record<Name, Value>, problem: Problem) => Value> = {
  dy: (g, { x, filter }, { windows }) => convolveRows(g, x, filter, windows),
  x: (g, { dy, filter }, { windows }) => inputGradientByRows(g, dy, filter, windows),
  filter: (g, { x, dy }, { windows }) => filterGradientByRows(g, x, dy, windows),
};

describe("by rows, as its definition has it,", () => {
  it.each([
    ["a convolution", "dy"],
    ["its gradient with respect to the image", "x"],
    ["its gradient with respect to the filter", "filter"],
  ] as const)("%s", async (_what, wanted) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const draw = new Draw(seed);
        const problem = drawProblem(draw);
        const g = new GraphBuilder();
        const names = (Object.keys(WAYS) as Name[]).filter((name) => name !== wanted);
        const arrays = Object.fromEntries(
          names.map((name) => [name, draw.floats(problem.shapes[name]).data as Float32Array]),
        );
        const values = Object.fromEntries(
          names.map((name) => [name, g.input(name, { dtype: "float32", shape: problem.shapes[name] })]),
        );
        const value = WAYS[wanted](g, values as Record<Name, Value>, problem);
        expect(value.shape).toEqual(problem.shapes[wanted]);
        const program = await openProgram(g.finish(wanted, [{ name: "out", value }]), CPU);
        const { out } = await program.run(arrays);
        await program.dispose();
        definition(problem, arrays, wanted).forEach((expected, i) => {
          // float32 sums of at most 144 products below 4 in another order.
          expect(Math.abs(out.data[i] - expected), JSON.stringify(problem)).toBeLessThan(3e-4);
        });
      }),
      { numRuns: 60, seed: 2020 },
    );
  });
});

describe("a convolution of few places and many channels", () => {
  const attrs = { strides: 2, pad: "same", dataFormat: "NHWC", dilations: 1 } as const;
  const opsOf = (filterOf: (g: GraphBuilder) => Value): string[] => {
    const g = new GraphBuilder();
    const x = g.input("x", { dtype: "float32", shape: [1, 4, 4, 8] });
    const value = convolution.Conv2D(g, { x, filter: filterOf(g) }, attrs) as Value;
    return g.finish("small", [{ name: "out", value }]).nodes.map(({ op }) => op);
  };

  it("does not reorder the filter that training moves", () => {
    const ops = opsOf((g) => g.input("filter", { dtype: "float32", shape: [4, 4, 8, 16] }));
    expect(ops).toContain("Gemm");
    expect(ops).not.toContain("Conv");
    expect(ops).not.toContain("Transpose");
  });

  it("stays a convolution where the filter is a constant, which ONNX Runtime brings into order once", () => {
    const ops = opsOf((g) =>
      g.constant(new Draw(1).floats([4, 4, 8, 16]).data as Float32Array, [4, 4, 8, 16], "float32"),
    );
    expect(ops).toContain("Conv");
  });
});

it("dilated windows, and rows that no window reads, are left to other ways", () => {
  const filter = new GraphBuilder().input("filter", { dtype: "float32", shape: [3, 3, 8, 64] });
  const plain = { size: [3, 3], input: [4, 4], output: [4, 4], strides: [1, 1], dilations: [1, 1] } as const;
  expect(isByRows(filter, 1, { ...plain, pads: [1, 1, 1, 1] })).toBe(true);
  expect(isByRows(filter, 1, { ...plain, dilations: [2, 2], pads: [2, 2, 2, 2] })).toBe(false);
  expect(isByRows(filter, 1, { ...plain, pads: [1, 1, -1, 1] })).toBe(false);
  expect(isByRows(filter, 100, { ...plain, pads: [1, 1, 1, 1] })).toBe(false);
});
