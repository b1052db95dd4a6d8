/** SSIM: how alike paired images are in structure. */
import { imagesToSsim, type SsimOptions } from "../math/images/ssim.ts";
import { compareByMean } from "./image-comparison.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = { ...parametersToDefaults(PARAMETER_ROWS.ssim), channel: "rgb", border: 0 };

export const row = metric({
  id: "ssim",
  label: "Structural similarity of pairs (SSIM)",
  unit: "similarity, -1 to 1",
  direction: "higher",
  source: {
    paper: "Wang et al. 2004, Image Quality Assessment: From Error Visibility to Structural Similarity",
    library: "BasicSR; scikit-image and torchmetrics by convention",
  },
  defaults: DEFAULTS,
  keys: { similarity: "ssim" },
  names: { similarity: "SSIM" },
  range: [-1, 1],
  ...compareByMean("ssim", "pairs", "similarity", (options: typeof DEFAULTS) => (fake, real) => [
    imagesToSsim(fake, real, options as SsimOptions & typeof DEFAULTS),
  ]),
});
