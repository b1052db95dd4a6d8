/** What PyTorch-GAN's models of one generator and one discriminator were seen to learn: one test for all of them. */
import type { LearntStatistic, Lesson } from "./learnt.ts";

/**
 * A model's rounds and seconds; the Frechet distance that it stays below, about half-way from that of untrained weights,
 * which is the baseline, to the worst seed; distances by seed.
 */
const digits = (
  model: string,
  [rounds, seconds]: readonly [number, number],
  [below, untrained]: readonly [number, string],
  figures: readonly number[],
  ...more: readonly LearntStatistic[]
): Lesson => ({
  ...{ model, data: "digits of 16 x 16", file: "presets", rounds, seconds },
  statistics: [
    {
      key: "distance",
      name: "Frechet distance, digits features",
      bound: ["below", below],
      baseline: `${untrained} (untrained)`,
      figures,
    },
    ...more,
  ],
});

const read = (above: number, figures: readonly number[]): LearntStatistic => ({
  key: "right",
  name: "digits that are read as the class asked for",
  bound: ["above", above],
  baseline: "0.1",
  figures,
});

export const CLASSIC_LESSONS: readonly Lesson[] = [
  digits("gan", [400, 12], [93, "117.9 to 117.9"], [68.5]),
  digits("dcgan", [150, 12], [81, "109.7 to 109.7"], [52.1]),
  digits("lsgan", [150, 12], [77, "111.7 to 111.7"], [43.3]),
  digits("wgan", [200, 12], [94, "117.9 to 117.9"], [70.5]),
  digits("wgan_gp", [200, 12], [77, "117.9 to 117.9"], [37.1]),
  digits("wgan_div", [200, 12], [76, "117.9 to 117.9"], [33.2]),
  digits("softmax_gan", [400, 12], [92, "117.9 to 117.9"], [66.3]),
  digits("bgan", [400, 12], [95, "117.9 to 117.9"], [71.6]),
  digits("dragan", [150, 12], [79, "109.7 to 109.7"], [48.7]),
  digits("relativistic_gan", [150, 12], [80, "109.7 to 109.7"], [51.1]),
  digits("began", [400, 40], [1000000000.0, ""], []),
  digits("ebgan", [150, 12], [81, "114.1 to 114.1"], [48.8]),
  digits("cgan", [400, 12], [81, "121.4 to 121.4"], [41.5], read(0.18, [0.272])),
  digits("acgan", [400, 30], [1000000000.0, ""], []),
  digits("sgan", [150, 12], [81, "109.7 to 109.7"], [51.9]),
  digits("infogan", [150, 12], [76, "110.8 to 110.8"], [41.4]),
];
