/** The names of SSIM's conventions, for help and option tables: free of what computes it. */

export const SSIM_CONVENTIONS = ["wang", "skimage", "torchmetrics"] as const;

export type SsimConvention = (typeof SSIM_CONVENTIONS)[number];
