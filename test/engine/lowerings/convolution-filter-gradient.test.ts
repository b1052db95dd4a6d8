import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../../src/engine/graph-builder.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import { turned, type Windows } from "../../../src/engine/lowerings/channels-first.ts";
import { FILTER_GRADIENTS } from "../../../src/engine/lowerings/convolution-filter-gradient.ts";
import { Draw } from "./draw.ts";

/** Windows whose last rows and columns may reach beyond the padding by less than a stride, unread. */
function drawWindows(draw: Draw, stride: number): Windows {
  const side = () => {
    const size = draw.int(1, 4);
    const step = draw.int(1, stride);
    const dilation = draw.int(1, 2);
    const output = draw.int(1, 4);
    const reach = dilation * (size - 1);
    const before = draw.int(0, reach);
    const covered = (output - 1) * step + reach + 1 - before;
    const after = draw.int(-(step - 1), Math.min(reach, covered - 1));
    return { size, step, dilation, output, before, after, input: covered - after };
  };
  const [h, w] = [side(), side()];
  return {
    size: [h.size, w.size],
    input: [h.input, w.input],
    output: [h.output, w.output],
    strides: [h.step, w.step],
    dilations: [h.dilation, w.dilation],
    pads: [h.before, w.before, h.after, w.after],
  };
}

interface Problem {
  readonly windows: Windows;
  readonly batch: number;
  readonly from: number;
  readonly to: number;
  readonly x: Float32Array;
  readonly dy: Float32Array;
}

function drawProblem(draw: Draw, stride: number): Problem {
  const windows = drawWindows(draw, stride);
  const [batch, from, to] = [draw.int(1, 3), draw.int(1, 3), draw.int(1, 3)];
  const x = draw.floats([batch, from, ...windows.input]).data as Float32Array;
  const dy = draw.floats([batch, to, ...windows.output]).data as Float32Array;
  return { windows, batch, from, to, x, dy };
}

/** The definition, element by element. */
function definition({ windows, batch, from, to, x, dy }: Problem): number[] {
  const { size, input, output, strides, dilations, pads } = windows;
  const gradient = Array<number>(size[0] * size[1] * from * to).fill(0);
  for (let n = 0; n < batch; n++)
    for (let kh = 0; kh < size[0]; kh++)
      for (let kw = 0; kw < size[1]; kw++)
        for (let oh = 0; oh < output[0]; oh++)
          for (let ow = 0; ow < output[1]; ow++) {
            const h = oh * strides[0] + kh * dilations[0] - pads[0];
            const w = ow * strides[1] + kw * dilations[1] - pads[1];
            if (h < 0 || w < 0 || h >= input[0] || w >= input[1]) continue;
            for (let i = 0; i < from; i++)
              for (let o = 0; o < to; o++)
                gradient[((kh * size[1] + kw) * from + i) * to + o] +=
                  x[((n * from + i) * input[0] + h) * input[1] + w] *
                  dy[((n * to + o) * output[0] + oh) * output[1] + ow];
          }
  return gradient;
}

async function computed(name: keyof typeof FILTER_GRADIENTS, problem: Problem): Promise<Float32Array> {
  const { windows, batch, from, to, x, dy } = problem;
  const g = new GraphBuilder();
  const images = g.input("x", { dtype: "float32", shape: [batch, from, ...windows.input] });
  const slopes = g.input("dy", { dtype: "float32", shape: [batch, to, ...windows.output] });
  const value = FILTER_GRADIENTS[name](g, images, slopes, windows);
  expect(value.shape).toEqual([...windows.size, from, to]);
  const program = await openProgram(g.finish(name, [{ name: "dw", value }]), { device: "cpu", threads: 1 });
  const { dw } = await program.run({ x, dy });
  await program.dispose();
  return dw.data as Float32Array;
}

describe("a convolution's filter gradient is its definition's", () => {
  for (const name of Object.keys(FILTER_GRADIENTS) as (keyof typeof FILTER_GRADIENTS)[]) {
    it(`from ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const problem = drawProblem(new Draw(seed), name === "patchesOfSlopes" ? 1 : 3);
          fc.pre(name !== "patchesOfSlopes" || turned(problem.windows) !== undefined);
          const actual = await computed(name, problem);
          // float32 sums of at most 48 products below 4 in another order.
          definition(problem).forEach((expected, i) => {
            expect(Math.abs(actual[i] - expected), `${i} of ${JSON.stringify(problem.windows)}`).toBeLessThan(
              1e-4,
            );
          });
        }),
        { numRuns: 40, seed: 2020 },
      );
    });
  }
});
