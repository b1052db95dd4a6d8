/** How much the outputs of one input differ from each other, by a network that was never trained. */
import { compareByMean } from "./image-comparison.ts";
import { metric } from "./metric.ts";

/** The mean over inputs of the mean distance of all pairs of an input's outputs. */
export const row = metric({
  id: "diversity-random",
  label: "Diversity of the outputs of one input (random network)",
  unit: "distance",
  direction: "higher",
  source: {
    paper:
      "Zhu et al. 2017, Toward Multimodal Image-to-Image Translation (arXiv 1711.11586); Huang et al. 2018 (arXiv 1804.04732)",
    library: "none; all pairs of an input's outputs, where papers draw 1 or 19 of them",
  },
  defaults: {},
  keys: { distance: "diversity_random" },
  names: { distance: "Diversity by a random network" },
  range: [0, Number.POSITIVE_INFINITY],
  ...compareByMean("diversity-random", "groups", "distance", () => "random"),
});
