/** Names of the files that `gan-eval stats` writes: statistics-formats.ts has exactly these, or does not compile. */

export const STATISTICS_FORMAT_NAMES = [
  ...["npz", "adm", "features", "dgm-eval", "npy", "torch-fidelity", "stylegan", "edm2"],
] as const;
export type StatisticsFormatName = (typeof STATISTICS_FORMAT_NAMES)[number];
