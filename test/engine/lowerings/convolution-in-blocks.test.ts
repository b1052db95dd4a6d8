import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readChannelBlock } from "../../../src/engine/channel-block.ts";
import type { Tensors } from "../../../src/engine/engine.ts";
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
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { functionToGraph } from "../../../src/engine/trace.ts";
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
        const problem = drawProblem(
          draw,
          () => [1, 3, block, 2 * block][draw.int(0, 3)],
          () => [1, 3, block][draw.int(0, 2)],
        );
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
          // float32 sums of at most 1,024 products below 4 in another order.
          expect(Math.abs(out.data[i] - expected), JSON.stringify(problem)).toBeLessThan(1e-3);
        });
      }),
      { numRuns: 80, seed: 2020 },
    );
    expect(tried).toBe(80);
  });
});

describe.skipIf(block === 1)("a training step's convolutions", () => {
  /** A convolution whose filter moves, its slopes by image and filter, and the filter applied to two images more. */
  const step = ({ x, filter, bias }: Tensors): Tensors => {
    const convolved = (image: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      tf.add(tf.conv2d(image as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), b);
    const loss = (image: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      [1, 2, 3]
        .map((factor) => tf.mean(tf.square(convolved(tf.mul(image, factor), w, b))) as tf.Scalar)
        .reduce((sum, one) => tf.add(sum, one) as tf.Scalar);
    const [dx, dfilter, dbias] = tf.grads(loss)([x, filter, bias]);
    return { y: convolved(x, filter, bias), dx, dfilter, dbias };
  };
  const signature = {
    x: { shape: [1, 12, 12, 2 * block] },
    filter: { shape: [3, 3, 2 * block, block] },
    bias: { shape: [block] },
  };

  it("are direct ones, biases and all, and their slopes by one filter are one", async () => {
    await loadTensorflow();
    const { nodes } = functionToGraph(step, signature, "step", "cpu", block);
    const ops = nodes.map(({ op }) => op);
    expect(ops).not.toContain("Conv");
    expect(ops).not.toContain("Gemm");
    const direct = nodes.filter(({ op }) => op === "BlockedConv");
    const kernelOf = ({ attributes }: (typeof nodes)[number]) => `${attributes.kernel_shape}`;
    expect(direct.filter((node) => kernelOf(node) === "12,12")).toHaveLength(1);
    // Of the three images, and back to each of them.
    expect(direct.filter((node) => kernelOf(node) === "3,3")).toHaveLength(6);
    expect(direct.filter(({ inputs }) => inputs.length === 3).length).toBeGreaterThanOrEqual(1);
  });

  it("compute what ONNX's own compute, which a graph for any reader has", async () => {
    const draw = new Draw(3);
    const arrays = Object.fromEntries(
      Object.entries(signature).map(([name, { shape }]) => [
        name,
        draw.floats(shape, -1, 1).data as Float32Array,
      ]),
    );
    const results = await Promise.all(
      [1, block].map(async (channelBlock) => {
        const graph = functionToGraph(step, signature, "step", "cpu", channelBlock);
        const has = graph.nodes.some(({ op }) => ["BlockedConv", "ReorderInput"].includes(op));
        expect(has).toBe(channelBlock > 1);
        const program = await openProgram(graph, CPU);
        const result = await program.run(arrays);
        await program.dispose();
        return result;
      }),
    );
    const [plain, blocked] = results;
    for (const [name, { data }] of Object.entries(plain)) {
      const scale = Math.max(...Array.from(data, Math.abs));
      data.forEach((number, i) => {
        expect(Math.abs(Number(number) - Number(blocked[name].data[i])) / scale, name).toBeLessThan(1e-5);
      });
    }
  });
});
