/** LPIPS: the perceptual distance of paired images by a network that the user brings. */
import { compareByMean } from "./image-comparison.ts";
import { metric } from "./metric.ts";

export const row = metric({
  id: "lpips",
  label: "Learned perceptual distance of pairs (LPIPS)",
  unit: "distance",
  direction: "lower",
  source: {
    paper:
      "Zhang et al. 2018, The Unreasonable Effectiveness of Deep Features as a Perceptual Metric (arXiv 1801.03924)",
    library: "lpips 0.1.4, version 0.1 of the weights",
  },
  defaults: {},
  keys: { distance: "lpips" },
  names: { distance: "LPIPS" },
  range: [0, Number.POSITIVE_INFINITY],
  ...compareByMean("lpips", "pairs", "distance", () => "lpips"),
});
