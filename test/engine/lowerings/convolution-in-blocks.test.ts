import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readChannelBlock } from "../../../src/engine/channel-block.ts";
import type { Value } from "../../../src/engine/graph.ts";
import { GraphBuilder } from "../../../src/engine/graph-builder.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import {
  convolveInBlocks,
  convolveTransposedInBlocks,
  filterGradientInBlocks,
  fitsBlocks,
  gradientFitsBlocks,
} from "../../../src/engine/lowerings/convolution-in-blocks.ts";
import { definition, drawProblem, type Name, type Problem } from "./convolution-drawn.ts";
import { Draw } from "./draw.ts";

const CPU = { device: "cpu", threads: 1 } as const;
const block = await readChannelBlock();
if (block === 1)
  console.log("skipped: direct convolutions, which ONNX Runtime has none of on this processor");

const WAYS = {
  "a convolution": {
    wanted: "dy",
    way: (g, { x, filter }, { windows }) => convolveInBlocks(g, x, filter, windows),
  },
  "its gradient with respect to the image": {
    wanted: "x",
    way: (g, { dy, filter }, { windows }) => convolveTransposedInBlocks(g, dy, filter, windows),
  },
  "its gradient with respect to the filter": {
    wanted: "filter",
    way: (g, { x, dy }, { windows }) => filterGradientInBlocks(g, x, dy, windows),
  },
  "a convolution of a filter that lies the other way round": {
    wanted: "dy",
    way: (g, { x, filter }, { windows }) =>
      convolveInBlocks(g, x, g.transpose(filter, [0, 1, 3, 2]), windows, true),
  },
  "the gradient with respect to the image of a filter that lies the other way round": {
    wanted: "x",
    way: (g, { dy, filter }, { windows }) =>
      convolveTransposedInBlocks(g, dy, g.transpose(filter, [0, 1, 3, 2]), windows, false),
  },
} as const satisfies Record<
  string,
  { wanted: Name; way: (g: GraphBuilder, given: Record<Name, Value>, problem: Problem) => Value }
>;

describe.skipIf(block === 1)("in blocks, as its definition has it,", () => {
  it.each(Object.entries(WAYS))("%s", async (_what, { wanted, way }) => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const draw = new Draw(seed);
        const problem = drawProblem(draw, () => [1, 3, block, 2 * block][draw.int(0, 3)]);
        const g = new GraphBuilder("cpu", block);
        const names = (["x", "filter", "dy"] as const).filter((name) => name !== wanted);
        const arrays = Object.fromEntries(
          names.map((name) => [name, draw.floats(problem.shapes[name]).data as Float32Array]),
        );
        const values = Object.fromEntries(
          names.map((name) => [name, g.input(name, { dtype: "float32", shape: problem.shapes[name] })]),
        ) as Record<Name, Value>;
        const { windows, from, to, batch } = problem;
        fc.pre(
          wanted === "filter"
            ? gradientFitsBlocks(g, batch, [from, to], windows)
            : fitsBlocks(g, values.filter, windows),
        );
        tried++;
        const value = way(g, values, problem);
        expect(value.shape).toEqual(problem.shapes[wanted]);
        const program = await openProgram(g.finish(wanted, [{ name: "out", value }]), CPU);
        const { out } = await program.run(arrays);
        await program.dispose();
        definition(problem, arrays, wanted).forEach((expected, i) => {
          // float32 sums of at most 512 products below 4 in another order.
          expect(Math.abs(out.data[i] - expected), JSON.stringify(problem)).toBeLessThan(1e-3);
        });
      }),
      { numRuns: 80, seed: 2020 },
    );
    expect(tried).toBe(80);
  });
});
