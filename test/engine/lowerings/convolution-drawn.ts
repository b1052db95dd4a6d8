/** A convolution drawn at random, channels last, and what its definition makes of it, element by element. */
import type { Windows } from "../../../src/engine/lowerings/channels-first.ts";
import type { Draw } from "./draw.ts";
import { drawWindows, eachMeeting } from "./windows-drawn.ts";

export type Name = "x" | "filter" | "dy";

/** An image x and a filter, and dy, which has the shape of their convolution. */
export interface Problem {
  readonly windows: Windows;
  readonly batch: number;
  readonly from: number;
  readonly to: number;
  readonly shapes: Readonly<Record<Name, readonly number[]>>;
}

export function drawProblem(
  draw: Draw,
  drawChannels: () => number = () => draw.int(1, 3),
  drawBatch: () => number = () => draw.int(1, 3),
): Problem {
  const drawn = drawWindows(draw, 3, 1);
  const pads = drawn.pads.map((pad) => Math.max(0, pad));
  // Elements that no window reads are cut off: the lowering is not asked about them.
  const input = drawn.input.map((side, axis) => side + Math.min(0, drawn.pads[axis + 2])) as [number, number];
  const windows = { ...drawn, input, pads: pads as [number, number, number, number] };
  const [batch, from, to] = [drawBatch(), drawChannels(), drawChannels()];
  const shapes = {
    x: [batch, ...windows.input, from],
    filter: [...windows.size, from, to],
    dy: [batch, ...windows.output, to],
  };
  return { windows, batch, from, to, shapes };
}

/** The sum over all that meet of the products of two of the three, at the place of the third. */
export function definition(
  problem: Problem,
  arrays: Partial<Record<Name, Float32Array>>,
  wanted: Name,
): number[] {
  const { windows, batch, from, to, shapes } = problem;
  const sum = Array<number>(shapes[wanted].reduce((a, b) => a * b)).fill(0);
  eachMeeting(windows, ([kh, kw], [oh, ow], [h, w]) => {
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < from; i++)
        for (let o = 0; o < to; o++) {
          const at: Record<Name, number> = {
            x: ((n * windows.input[0] + h) * windows.input[1] + w) * from + i,
            filter: ((kh * windows.size[1] + kw) * from + i) * to + o,
            dy: ((n * windows.output[0] + oh) * windows.output[1] + ow) * to + o,
          };
          const others = (Object.keys(at) as Name[]).filter((name) => name !== wanted);
          sum[at[wanted]] += others.reduce((product, name) => product * arrays[name]![at[name]], 1);
        }
  });
  return sum;
}
