/** Scores of made images against the images that they should be, pixel by pixel. */

/** By id: which end is better. */
export const PAIRED_SCORES = {
  l1: { lowerIsBetter: true },
  psnr: { lowerIsBetter: false },
} as const;

export type PairedScoreName = keyof typeof PAIRED_SCORES;
export const isPairedScore = (id: string): id is PairedScoreName => Object.hasOwn(PAIRED_SCORES, id);
