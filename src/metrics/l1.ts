/** L1: how far the levels of paired images are apart. */
import type { Levels } from "../math/images/structural-similarity.ts";
import { compareByMean } from "./image-comparison.ts";
import { metric } from "./metric.ts";

/** The mean absolute difference of the levels of two images of one size, as a share of 255: 0 to 1. */
export function imagesToL1(a: Levels, b: Levels): number {
  let sum = 0;
  for (let i = 0; i < a.pixels.length; i++) sum += Math.abs(a.pixels[i]! - b.pixels[i]!);
  return sum / (255 * a.pixels.length);
}

export const row = metric({
  id: "l1",
  label: "Mean absolute difference of pairs (L1)",
  unit: "share of the range of levels",
  direction: "lower",
  source: {
    paper:
      "Isola et al. 2017, Image-to-Image Translation with Conditional Adversarial Networks (arXiv 1611.07004)",
    library: "torchmetrics MeanAbsoluteError of images in [0, 1]",
  },
  defaults: {},
  keys: { distance: "l1" },
  names: { distance: "L1" },
  range: [0, 1],
  ...compareByMean("l1", "pairs", "distance", () => (fake, real) => [imagesToL1(fake, real)]),
});
