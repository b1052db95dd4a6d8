/** Windows drawn at random, and the definition of a convolution as a sum over all that its taps meet. */
import type { Windows } from "../../../src/engine/lowerings/channels-first.ts";
import type { Draw } from "./draw.ts";

/** Windows whose last rows and columns may reach beyond the padding by less than a stride, unread. */
export function drawWindows(draw: Draw, stride: number, dilation = 2): Windows {
  const side = () => {
    const size = draw.int(1, 4);
    const step = draw.int(1, stride);
    const apart = draw.int(1, dilation);
    const output = draw.int(1, 4);
    const reach = apart * (size - 1);
    const before = draw.int(0, reach);
    const covered = (output - 1) * step + reach + 1 - before;
    const after = draw.int(-(step - 1), Math.min(reach, covered - 1));
    return { size, step, dilation: apart, output, before, after, input: covered - after };
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

/** Calls `meet` with each tap and each place of the output, and the place of the image that meet. */
export function eachMeeting(
  { size, input, output, strides, dilations, pads }: Windows,
  meet: (
    tap: readonly [number, number],
    out: readonly [number, number],
    at: readonly [number, number],
  ) => void,
): void {
  for (let kh = 0; kh < size[0]; kh++)
    for (let kw = 0; kw < size[1]; kw++)
      for (let oh = 0; oh < output[0]; oh++)
        for (let ow = 0; ow < output[1]; ow++) {
          const h = oh * strides[0] + kh * dilations[0] - pads[0];
          const w = ow * strides[1] + kw * dilations[1] - pads[1];
          if (h >= 0 && w >= 0 && h < input[0] && w < input[1]) meet([kh, kw], [oh, ow], [h, w]);
        }
}
