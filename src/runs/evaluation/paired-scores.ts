/** Scores of made images against the images that they should be, pixel by pixel: the metrics of `--paired`. */
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import { imagesToSsim } from "../../math/images/ssim.ts";
import type { Levels } from "../../math/images/structural-similarity.ts";
import { meanOf } from "../../math/mean.ts";
import { imagesToL1 } from "../../metrics/l1.ts";
import { imagesToPsnr } from "../../metrics/psnr.ts";
import type { MetricId } from "../../metrics/table.ts";

/** Each score of one pair, by the metric's id; its row says the rest. Images become bytes first, as in a file. */
const OF_PAIR = {
  l1: imagesToL1,
  psnr: imagesToPsnr,
  ssim: imagesToSsim,
} as const satisfies { readonly [Id in MetricId]?: (made: Levels, target: Levels) => number };

export type PairedScoreName = keyof typeof OF_PAIR;
const PAIRED_SCORES = Object.keys(OF_PAIR) as PairedScoreName[];

/** The usual `--eval-metrics` of makers, in the order of the values; the first decides. */
export const MAKER_SCORES = { paired: PAIRED_SCORES, unpaired: ["fid", "kid"] } as const satisfies Readonly<
  Record<string, readonly MetricId[]>
>;
export const isPairedScore = (id: string): id is PairedScoreName => Object.hasOwn(OF_PAIR, id);

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

/**
 * The mean over pairs of each score, of made images against the target that is given first.
 * @param target row-major `[n, ...shape]` in [-1, 1]; made images are alike
 */
export function targetToScores(
  target: Float32Array,
  shape: readonly number[],
  names: readonly PairedScoreName[],
): (made: Float32Array) => Record<string, number> {
  const right = samplesToLevels(target, shape);
  return (made) => {
    const images = samplesToLevels(made, shape);
    return Object.fromEntries(
      names.map((name) => [name, meanOf(images.map((image, i) => OF_PAIR[name](image, right[i])))]),
    );
  };
}
