/** What models of images to images of the same scene were seen to learn. */
import type { LearntStatistic, Lesson } from "./learnt.ts";

const enlarged = (
  warmed: readonly number[],
  psnr: readonly number[],
  away: readonly number[],
): readonly LearntStatistic[] => [
  {
    key: "warmed",
    name: "PSNR after the warm-up, in dB",
    bound: ["above", 15.78],
    baseline: "14.78 (bicubic)",
    figures: warmed,
  },
  {
    key: "psnr",
    name: "PSNR at the end, in dB",
    bound: ["above", 13.78],
    baseline: "14.78 (bicubic)",
    figures: psnr,
  },
  {
    key: "away",
    name: "mean difference of neighbours less that of real images (0.127), without its sign",
    bound: ["below", 0.051],
    baseline: "0.051 (bicubic)",
    figures: away,
  },
];

const filled = (
  [error, side, average]: readonly [below: number, side: number, average: number],
  errors: readonly number[],
  [accuracy, masked]: readonly [above: number, masked: number],
  accuracies: readonly number[],
): readonly LearntStatistic[] => [
  {
    key: "error",
    name: `error in the hole of ${side} x ${side} pixels, in the middle`,
    bound: ["below", error],
    baseline: `${average} (mean digit)`,
    figures: errors,
  },
  {
    key: "accuracy",
    name: "digits that the digits network reads right",
    bound: ["above", accuracy],
    baseline: `${masked} (hole black; whole digits 0.99)`,
    figures: accuracies,
  },
];

export const IMAGE_LESSONS: readonly Lesson[] = [
  {
    ...{ model: "pix2pix", data: "drawn-outline", rounds: 1_500, seconds: 20 },
    statistics: [
      {
        key: "error",
        name: "error of A to B",
        bound: ["below", 0.074],
        baseline: "0.147 (A itself; mean B 0.341)",
        figures: [0.015, 0.023, 0.023, 0.017, 0.017],
      },
      {
        key: "hues",
        name: "share of right fills",
        bound: ["above", 0.9],
        baseline: "0.33",
        figures: [1, 1, 1, 1, 1],
      },
    ],
  },
  {
    ...{ model: "srgan", data: "drawn-larger", rounds: 400, seconds: 30 },
    statistics: enlarged(
      [17.7, 17.4, 17.9, 17.7, 18],
      [16.2, 16, 14.6, 15.2, 15.9],
      [0.001, 0.002, 0.004, 0.001, 0.001],
    ),
  },
  {
    ...{ model: "esrgan", data: "drawn-larger", rounds: 400, seconds: 11 },
    statistics: enlarged(
      [17.5, 17.1, 17.6, 17.4, 17.6],
      [17.5, 17.7, 17.9, 17.5, 17.9],
      [0.004, 0.004, 0.005, 0.002, 0.006],
    ),
  },
  {
    ...{ model: "context_encoder", data: "drawn-masked", rounds: 1_500, seconds: 17 },
    statistics: filled(
      [0.458, 8, 0.592],
      [0.297, 0.293, 0.3, 0.325, 0.304],
      [0.44, 0.23],
      [0.65, 0.65, 0.69, 0.69, 0.7],
    ),
  },
  {
    ...{ model: "ccgan", data: "drawn-masked", rounds: 1_000, seconds: 35 },
    statistics: filled(
      [0.476, 6, 0.625],
      [0.327, 0.302, 0.309, 0.322, 0.314],
      [0.48, 0.27],
      [0.73, 0.85, 0.77, 0.69, 0.74],
    ),
  },
];
