/** The distance of paired images by a network that was never trained: a stand-in where nobody brings weights for LPIPS. */
import { compareByMean } from "./image-comparison.ts";
import { metric } from "./metric.ts";

export const row = metric({
  id: "perceptual-random",
  label: "Distance of pairs by a random network",
  unit: "distance",
  direction: "lower",
  source: {
    paper: "this program's own; the manner of LPIPS (arXiv 1801.03924), comparable with itself alone",
    library: "none",
  },
  defaults: {},
  keys: { distance: "perceptual_random" },
  names: { distance: "Random-network distance" },
  range: [0, Number.POSITIVE_INFINITY],
  ...compareByMean("perceptual-random", "pairs", "distance", () => "random"),
});
