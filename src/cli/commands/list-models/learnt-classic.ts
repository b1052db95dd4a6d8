/** What PyTorch-GAN's models of one generator and one discriminator were seen to learn: one test for all of them. */
import type { Lesson } from "./learnt.ts";

/**
 * A model's rounds and seconds; the Frechet distance that it stays below, about half-way from that of untrained weights,
 * which is the baseline, to the worst seed; distances by seed.
 */
const digits = (
  model: string,
  [rounds, seconds]: readonly [number, number],
  [below, untrained]: readonly [number, string],
  figures: readonly number[],
): Lesson => ({
  ...{ model, data: "digits of 16 x 16", file: "presets", rounds, seconds },
  statistics: [
    {
      key: "distance",
      name: "Frechet distance of digits features",
      bound: ["below", below],
      baseline: `${untrained} (untrained)`,
      figures,
    },
  ],
});

export const CLASSIC_LESSONS: readonly Lesson[] = [
  digits("gan", [400, 12], [93, "117.9 to 120.4"], [68.5, 67.4, 66.1]),
  digits("dcgan", [150, 12], [86, "109.7 to 112.7"], [52.1, 61.8, 62.6]),
  digits("lsgan", [150, 12], [84, "111.2 to 111.9"], [43.3, 56.8, 56.6]),
  digits("wgan", [200, 12], [94, "117.9 to 120.4"], [70.5, 69.9, 70.6]),
  digits("wgan_gp", [200, 12], [81, "117.9 to 120.4"], [37.1, 43.4, 32.3]),
  digits("wgan_div", [200, 12], [76, "117.9 to 120.4"], [33.2, 33.1, 31.5]),
  digits("softmax_gan", [400, 12], [94, "117.9 to 120.4"], [66.3, 61.7, 69.2]),
  digits("bgan", [400, 12], [98, "117.9 to 120.4"], [71.6, 72.3, 77.2]),
  digits("dragan", [150, 12], [85, "109.7 to 112.7"], [48.7, 59.7, 56.9]),
  digits("relativistic_gan", [150, 12], [83, "109.7 to 112.7"], [51.1, 55.4, 51.6]),
  digits("began", [400, 25], [90, "109.5 to 111.8"], [64.9, 64.8, 70]),
  digits("ebgan", [150, 12], [81, "110.3 to 114.1"], [48.8, 52.2, 48.7]),
  digits("cgan", [400, 12], [83, "120.2 to 121.4"], [41.5, 39.9, 46.6]),
  digits("acgan", [400, 25], [86, "108.4 to 112.4"], [59.2, 59.3, 63.9]),
  digits("sgan", [150, 12], [81, "109.7 to 112.7"], [51.9, 52.4, 48.6]),
  digits("infogan", [150, 12], [77, "110.8 to 113.6"], [41.4, 39.5, 43.7]),
];
