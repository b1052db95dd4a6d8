import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../../src/engine/graph-builder.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import { turned, type Windows } from "../../../src/engine/lowerings/channels-first.ts";
import { FILTER_GRADIENTS } from "../../../src/engine/lowerings/convolution-filter-gradient.ts";
import { Draw } from "./draw.ts";
import { drawWindows, eachMeeting } from "./windows-drawn.ts";

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
  const { size, input, output } = windows;
  const gradient = Array<number>(size[0] * size[1] * from * to).fill(0);
  eachMeeting(windows, ([kh, kw], [oh, ow], [h, w]) => {
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < from; i++)
        for (let o = 0; o < to; o++)
          gradient[((kh * size[1] + kw) * from + i) * to + o] +=
            x[((n * from + i) * input[0] + h) * input[1] + w] *
            dy[((n * to + o) * output[0] + oh) * output[1] + ow];
  });
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
