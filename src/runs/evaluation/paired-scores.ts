/** Scores of made images against the images that they should be, pixel by pixel: the metrics of `--paired`. */
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import { imagesToSsim } from "../../math/images/ssim.ts";
import type { Levels } from "../../math/images/structural-similarity.ts";
import { imagesToL1 } from "../../metrics/l1.ts";
import { imagesToPsnr } from "../../metrics/psnr.ts";

interface PairedScore {
  readonly lowerIsBetter: boolean;
  readonly ofPair: (made: Levels, target: Levels) => number;
}

/** By the metric's id. Images become bytes first, as in a file. */
export const PAIRED_SCORES = {
  l1: { lowerIsBetter: true, ofPair: imagesToL1 },
  psnr: { lowerIsBetter: false, ofPair: imagesToPsnr },
  ssim: { lowerIsBetter: false, ofPair: imagesToSsim },
} as const satisfies Readonly<Record<string, PairedScore>>;

export type PairedScoreName = keyof typeof PAIRED_SCORES;
export const isPairedScore = (id: string): id is PairedScoreName => Object.hasOwn(PAIRED_SCORES, id);

/** Images `[n, h, w, c]` in [-1, 1] as RGB bytes, one by one. */
function samplesToLevels(samples: Float32Array, [height, width, channels]: readonly number[]): Levels[] {
  const bytes = samplesToPixels(samples);
  const area = height * width;
  return Array.from({ length: samples.length / (area * channels) }, (_, i) => {
    const pixels = new Uint8Array(3 * area);
    for (let at = 0; at < area; at++)
      for (let k = 0; k < 3; k++)
        pixels[3 * at + k] = bytes[(i * area + at) * channels + Math.min(k, channels - 1)];
    return { pixels, width, height };
  });
}

/** The mean over pairs of each score. @param made row-major `[n, ...shape]` in [-1, 1], as the target */
export function pairsToScores(
  made: Float32Array,
  target: Float32Array,
  shape: readonly number[],
  names: readonly PairedScoreName[],
): Record<string, number> {
  const [a, b] = [samplesToLevels(made, shape), samplesToLevels(target, shape)];
  return Object.fromEntries(
    names.map((name) => {
      const values = a.map((image, i) => PAIRED_SCORES[name].ofPair(image, b[i]));
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}
