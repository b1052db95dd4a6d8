/** How much the outputs of one input differ from each other, by their levels. */
import { compareByMean } from "./image-comparison.ts";
import { imagesToL1 } from "./l1.ts";
import { metric } from "./metric.ts";

/** The mean over inputs of the mean distance of all pairs of an input's outputs. */
export const row = metric({
  id: "diversity",
  label: "Diversity of the outputs of one input (L1)",
  unit: "share of the range of levels",
  direction: "higher",
  source: {
    paper:
      "Zhu et al. 2017, Toward Multimodal Image-to-Image Translation (arXiv 1711.11586); Huang et al. 2018 (arXiv 1804.04732)",
    library: "none; all pairs of an input's outputs, where papers draw 1 or 19 of them",
  },
  defaults: {},
  keys: { distance: "diversity_l1" },
  names: { distance: "Diversity by L1" },
  range: [0, 1],
  ...compareByMean("diversity", "groups", "distance", () => (a, b) => [imagesToL1(a, b)]),
});
