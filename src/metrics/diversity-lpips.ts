/** How much the outputs of one input differ from each other, by LPIPS. */
import { compareByMean } from "./image-comparison.ts";
import { metric } from "./metric.ts";

/** The mean over inputs of the mean distance of all pairs of an input's outputs. */
export const row = metric({
  id: "diversity-lpips",
  label: "Diversity of the outputs of one input (LPIPS)",
  unit: "distance",
  direction: "higher",
  source: {
    paper:
      "Zhu et al. 2017, Toward Multimodal Image-to-Image Translation (arXiv 1711.11586); Huang et al. 2018 (arXiv 1804.04732)",
    library: "none; all pairs of an input's outputs, where papers draw 1 or 19 of them",
  },
  defaults: {},
  keys: { distance: "diversity_lpips" },
  names: { distance: "Diversity by LPIPS" },
  range: [0, Number.POSITIVE_INFINITY],
  ...compareByMean("diversity-lpips", "groups", "distance", () => "lpips"),
});
